import { describe, expect, test } from 'vitest';
import type { BacktestDocument, Evidence, Honesty, Metrics } from '../engine/index.ts';
import { renderComparison } from './render-comparison.ts';
import { displayWidth, type Terminal } from './terminal.ts';

const plain: Terminal = { interactive: true, columns: 80, color: false, unicode: true };

const evidence: Evidence = {
  sharpe: { estimate: 1.5, low: 0.61, high: 2.44 },
  againstHold: { sharpe: { estimate: 0.7, low: 0.1, high: 1.3 }, meanReturn: null },
  probabilisticSharpe: 0.99,
  deflatedSharpe: 0.97,
  trials: 3,
  minimumTrackRecordDays: 200,
  insufficient: [],
};

function honestyOf(changed: Partial<Evidence>, pValue: number): Honesty {
  const hold = { returnPct: 51.78, sharpe: 0.54, maxDrawdownPct: 77.2 };
  const randomReturnPct = { p5: -1, p50: 0, p95: 1 };
  return {
    baselines: {
      buyAndHold: hold,
      exposureMatched: hold,
      equalWeight: null,
      random: { runs: 1000, returnPct: 1, randomReturnPct, pValue },
    },
    stress: { doubleCostsPct: 9.5, fiveFoldCostsPct: 1, delayedBarPct: 2 },
    evidence: { ...evidence, ...changed },
  };
}

function documentOf(strategy: string, honesty: Honesty | null): BacktestDocument {
  const stats = { returnPct: 12.3, sharpe: 1.5, maxDrawdownPct: 20.5, days: 400 } as Metrics;
  return {
    strategy,
    params: { fast: 10 },
    compat: honesty === null,
    instruments: [{ symbol: 'BTCUSDT', timeframe: '1h' } as BacktestDocument['instruments'][number]],
    from: '2024-01-01T00:00:00.000Z',
    to: '2025-01-01T00:00:00.000Z',
    costs: { commission: 0.001, spread: 0.0002, slippage: 0 },
    notes: [],
    stats,
    trades: 40,
    refused: 0,
    ...{ bars: 9_600, cash: 10_000, factors: [], openUnits: {}, equityFinal: 11_230, fees: 12 },
    ...{ funded: [], funding: 0, borrow: 0 },
    orderHash: 'ab',
    timings: { loadMs: 0, runMs: 0, statsMs: 0 },
    ...(honesty === null ? {} : { honesty }),
  } as BacktestDocument;
}

const lucky = honestyOf({ deflatedSharpe: 0.35, minimumTrackRecordDays: null }, 0.21);
const skilled = honestyOf({}, 0.004);

function render(documents: readonly BacktestDocument[], terminal = plain): readonly string[] {
  const names = documents.map(({ strategy }) => strategy);
  return renderComparison(documents, names, terminal).split('\n');
}

test('words first, then one table with a column for each and for holding', () => {
  const lines = render([documentOf('momentum', skilled), documentOf('macd', lucky)]);
  expect(lines.join('\n')).toBe(
    `BTCUSDT 1h · 9,600 bars · 2024-01-01 → 2025-01-01 UTC · commission 10 bp a side,
spread 2 bp

  Luck alone seldom does what momentum did; skill is not shown for the other.
  Every deflated Sharpe counts the 3 variants tried on these candles.

  momentum · fast 10
    Luck alone seldom does this, and it is better than holding (p < 0.01 against
    random entries; deflated Sharpe 0.97).
  macd · fast 10
    Can't tell it from luck (p 0.21 against random entries; deflated Sharpe
    0.35; the deflated Sharpe is under the 0.95 needed).

                       momentum          macd       hold
  verdict           seldom luck    can't tell
  return               +12.30 %      +12.30 %   +51.78 %
  trades                     40            40
  sharpe                   1.50          1.50       0.54
                   [0.61, 2.44]  [0.61, 2.44]
  max drawdown         −20.50 %      −20.50 %   −77.20 %
  sharpe − hold           +0.70         +0.70
                   [0.10, 1.30]  [0.10, 1.30]
  random entries       p < 0.01        p 0.21
  deflated sharpe          0.97          0.35
  costs doubled         +9.50 %       +9.50 %
  days needed               200         never
  days tested               400           400`,
  );
});

describe('the variants tried', () => {
  const told = /variants tried on these/g;
  const tried = (trials: number) => honestyOf({ trials }, 0.004);

  test.each<readonly [string, readonly Honesty[], readonly string[]]>([
    [
      'are counted once where they are the same',
      [lucky, skilled, lucky],
      ['Every deflated Sharpe counts the 3'],
    ],
    ['are counted for each where they differ', [tried(3), tried(4)], ['counting the 3', 'counting the 4']],
    [
      'are not counted where nothing is held against them',
      [
        honestyOf({ insufficient: [{ kind: 'days', found: 3, needed: 250 }] }, 0.5),
        honestyOf({ sharpe: null, deflatedSharpe: null }, 0.5),
      ],
      [],
    ],
  ])('%s', (_, all, said) => {
    const text = render(
      all.map((honesty, at) => documentOf(`own-${at}`, honesty)),
      {
        ...plain,
        columns: 200,
      },
    ).join(' ');
    expect(text.replace(/\s+/g, ' ').match(told) ?? []).toHaveLength(said.length);
    for (const words of said) expect(text.replace(/\s+/g, ' ')).toContain(words);
  });
});

test.each([40, 80, 120])('nothing is wider than a terminal of %d columns', (columns) => {
  const names = ['sma-cross', 'macd', 'rsi-reversion', 'momentum', 'folder/of/many/a-long-name-of-my-own'];
  const documents = names.map((name) => documentOf(name, lucky));
  const lines = render(documents, { ...plain, columns });
  const fits = Math.max(columns, 60);
  expect(lines.filter((line) => displayWidth(line) > fits)).toEqual([]);
  const heads = lines.filter((line) => line.endsWith('hold') && line.startsWith('    '));
  expect(heads.map((line) => line.trim().split(/\s+/).length - 1)).toEqual(
    columns === 120 ? [5] : columns === 80 ? [3, 2] : [1, 1, 1, 1, 1],
  );
});

test('a row of which no strategy has a figure is left out', () => {
  const { baselines } = lucky;
  const undrawn = { ...lucky, baselines: { ...baselines, random: null } };
  expect(render([documentOf('one', undrawn), documentOf('two', undrawn)]).join()).not.toContain('random');
  expect(render([documentOf('one', undrawn), documentOf('two', lucky)])).toContainEqual(
    expect.stringMatching(/random entries +– +p 0\.21/),
  );
});

test('in compatibility mode only what was counted is shown', () => {
  const text = render([documentOf('one', null), documentOf('two', null)]).join('\n');
  expect(text).toContain('Filled and counted as backtesting.py does.');
  expect(text).not.toMatch(/verdict|hold|deflated|–/);
});

test.each([
  [[lucky, lucky], 'Skill is shown for neither of the two.'],
  [[lucky, lucky, lucky], 'Skill is shown for none of the 3.'],
  [[skilled, skilled], 'Luck alone seldom does what one and two did.'],
  [[skilled, lucky, lucky], 'Luck alone seldom does what one did; skill is not shown for the other 2.'],
])('the headline says at once which result is luck', (all, headline) => {
  const names = ['one', 'two', 'three'];
  expect(render(all.map((honesty, at) => documentOf(names[at]!, honesty)))).toContain(`  ${headline}`);
});
