import { expect, test } from 'vitest';
import { seriesOf } from '../../test/simulated-bars.ts';
import { freeTerms, honest } from '../trading/index.ts';
import { type BacktestSettings, backtest, defineStrategy, type Line, notesOnSilence } from './index.ts';

const bars = 50;

function notes(
  lines: Readonly<Record<string, Line>>,
  { from = 0, to = bars, symbols = ['A'] }: { from?: number; to?: number; symbols?: readonly string[] } = {},
): { readonly notes: readonly string[]; readonly asked: number } {
  let asked = 0;
  const strategy = defineStrategy({
    indicators: () => lines,
    next() {
      asked++;
    },
  });
  const settings: BacktestSettings = {
    cash: 10_000,
    conventions: honest,
    terms: new Map(symbols.map((symbol) => [symbol, freeTerms])),
    ...{ hedging: false, exclusive: false, tradeOnClose: false, finalize: false },
  };
  const markets = symbols.map((symbol) => ({
    instrument: { symbol, assetClass: 'equity', currency: 'USD', timeframe: '1h', adjusted: null } as const,
    series: seriesOf(
      Array.from({ length: bars }, (_, bar) => [bar + 1, bar + 1, bar + 1, bar + 1] as const),
      3_600_000,
      symbol,
    ),
    ...{ from, to },
  }));
  return { notes: notesOnSilence(backtest(strategy, {}, markets, settings)), asked };
}

const never: Line = ({ length }) => new Float64Array(length).fill(Number.NaN);

test.each<readonly [what: string, lines: Readonly<Record<string, Line>>, said: string]>([
  ['a period beyond the data', { slow: 'sma-200' }, 'its line "slow" has its first value at bar 200'],
  ['the slowest of two', { fast: 'sma-60', slow: 'sma-200' }, 'line "slow" has its first value at bar 200'],
  ['a period of all the data', { slow: 'sma-50' }, 'its line "slow" has its first value at bar 50'],
  ['a function that gives nothing', { own: never }, 'its line "own" has no value'],
])('%s: who wonders at no trades is told', (_, lines, said) => {
  const { notes: told, asked } = notes(lines);
  expect(asked).toBe(0);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(`the strategy was never asked about A: `);
  expect(told[0]).toContain(`${said}, and there are 50 bars`);
});

test('each instrument is named', () => {
  expect(notes({ slow: 'sma-200' }, { symbols: ['A', 'B'] }).notes).toEqual([
    expect.stringContaining('about A'),
    expect.stringContaining('about B'),
  ]);
});

test('bars that only warm up count, bars behind the test do not', () => {
  expect(notes({ slow: 'sma-30' }, { from: 40 })).toEqual({ notes: [], asked: 10 });
  expect(notes({ slow: 'sma-30' }, { to: 20 }).notes).toEqual([expect.stringContaining('there are 20 bars')]);
});

test('nothing is said of who is asked once, nor of who has no line', () => {
  expect(notes({ slow: 'sma-49' })).toEqual({ notes: [], asked: 1 });
  expect(notes({})).toMatchObject({ notes: [] });
});
