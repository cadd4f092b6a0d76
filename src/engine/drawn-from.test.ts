import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { describeOnRealData, rawShares } from '../../test/e2e/real-data.ts';
import { type SimulatedBar, seriesOf } from '../../test/simulated-bars.ts';
import type { CandleSeries } from '../core/index.ts';
import { adjusted, loadCandleFile, loadFactorFile } from '../market/index.ts';
import { freeTerms, honest, type Terms } from '../trading/index.ts';
import {
  type BacktestSettings,
  backtest,
  defineStrategy,
  drawnFrom,
  type Market,
  marketsWithin,
  walkForwardStretches,
} from './index.ts';

const dayMs = 86_400_000;
const columns = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const;

/** The candles that a line's own function is given in a backtest on these bars. */
function given(market: Market, actions: Terms['actions']): CandleSeries {
  const seen: CandleSeries[] = [];
  const strategy = defineStrategy({
    indicators: () => ({
      watching(candles) {
        seen.push(candles);
        return candles.close.slice();
      },
    }),
    next() {},
  });
  const settings: BacktestSettings = {
    cash: 10_000,
    conventions: honest,
    terms: new Map([[market.instrument.symbol, { ...freeTerms, actions }]]),
    ...{ hedging: false, exclusive: false, tradeOnClose: false, finalize: false },
  };
  backtest(strategy, {}, [market], settings);
  expect(seen).toHaveLength(1);
  return seen[0]!;
}

/** That it is the start of `whole`, and that nothing leads from it to what follows. */
function expectStart(candles: CandleSeries, whole: CandleSeries, length: number): void {
  expect(candles.length).toBe(length);
  for (const name of columns) {
    expect([name, candles[name].every((value, bar) => value === whole[name][bar])]).toEqual([name, true]);
    expect(candles[name].buffer.byteLength).toBe(8 * length);
  }
}

const instrument = {
  symbol: 'A',
  assetClass: 'equity',
  currency: 'USD',
  timeframe: '1d',
  adjusted: null,
} as const;

describeOnRealData('in a walk over Apple with its splits and dividends', () => {
  let market: Market;
  let actions: Terms['actions'];
  beforeAll(async () => {
    const loaded = await loadCandleFile({ symbol: 'AAPL', file: rawShares, format: 'lean-equity' });
    const { series } = loaded;
    market = { instrument: loaded.instrument, series, from: 0, to: series.length };
    actions = (await loadFactorFile(join(dirname(rawShares), 'factor_files/aapl.csv'))).actions;
  });

  test('a line of each window sees adjusted bars up to its end, and none behind', () => {
    const windows = walkForwardStretches([market], { train: 1_500, test: 700, embargo: 5 });
    const whole = adjusted(market.series, actions);
    const ends = windows.flatMap(({ train, test: tested }) =>
      [train, tested].map((stretch) => {
        const [within] = marketsWithin([market], stretch);
        expectStart(given(within!, actions), whole, within!.to);
        return within!.to;
      }),
    );
    expect(ends.length).toBeGreaterThan(10);
    expect(Math.max(...ends)).toBeGreaterThan(2 * Math.min(...ends));
  });

  test('what is known of later days changes nothing', () => {
    const at = Date.UTC(2006, 0, 1);
    const [within] = marketsWithin([market], { from: Date.UTC(2004, 0, 1), to: at });
    const known = actions.filter((action) => action.at < at);
    expect(known.length).toBeLessThan(actions.length);
    expect(known.some(({ kind }) => kind === 'split')).toBe(true);
    expect(given(within!, actions)).toEqual(given(within!, known));
  });
});

const split: readonly SimulatedBar[] = [100, 100, 50, 50].map((price) => [price, price, price, price]);
const halved: Terms['actions'] = [{ kind: 'split', at: Date.UTC(2024, 0, 3), ratio: 2 }];

test('a split counts from its own bar on, and not before it', () => {
  const series = seriesOf(split, dayMs);
  const market = { instrument, series, from: 0, to: series.length };
  expect([...given(market, halved).close]).toEqual([100, 100, 100, 100]);
  const [before] = marketsWithin([market], { from: series.openTime[0]!, to: halved[0]!.at });
  expect([...given(before!, halved).close]).toEqual([100, 100]);
});

test('each stretch and each list of actions has candles of its own, made once', () => {
  const series = seriesOf(split, dayMs);
  const drawn = drawnFrom(series, { actions: halved });
  expect(drawnFrom(series, { actions: halved })).toBe(drawn);
  const doubled: Terms['actions'] = [{ ...halved[0]!, kind: 'split', ratio: 4 }];
  expect([...drawnFrom(series, { actions: doubled }).close]).toEqual([100, 100, 200, 200]);
  const again = seriesOf(split, dayMs);
  expect(drawnFrom(again, { actions: halved })).not.toBe(drawn);
  expect(drawnFrom(series, { actions: [] })).toBe(series);
});
