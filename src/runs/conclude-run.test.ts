import { describe, expect, test } from 'vitest';
import { marketOf } from '../../test/candles.ts';
import { decisionOf, situationAt } from '../../test/decisions.ts';
import type { Fill, OrderRecord, Source, Trade } from '../core/index.ts';
import { Portfolio } from '../trading/index.ts';
import { baselineCurves, concludeRun, type FinishedRun } from './conclude-run.ts';
import { RunTally } from './run-tally.ts';

/*
 * Three hourly bars of A after one that warms up, without spread and slippage, fee 1 %:
 *   bar 1 opens at 100 and closes at 100: BUY 2 is decided.
 *   bar 2 opens at 100: bought, fee 2; closes at 110: SELL 1 is decided, and another order is refused.
 *   bar 3 opens at 110: one sold, fee 1.10; closes at 120.
 * Cash 1000 − 200 − 2 + 110 − 1.10 = 906.90; the unit left is worth 120; equity 1026.90, fees 3.10.
 * The closed unit: 110 − 100 − 1 (its half of the entry fee) − 1.10 = 7.90.
 */
const hour = 3_600_000;
const costs = { feeBps: 100, spreadBps: 0, slippageBps: 0 };
const market = marketOf(
  'A',
  [
    [90, 90],
    [100, 100],
    [100, 110],
    [110, 120],
  ],
  { from: 1 },
);

const fill = (number: number, side: 'BUY' | 'SELL', quantity: number, price: number): Fill => ({
  ...{ order: `r.${number}.order`, at: (number + 1) * hour, instrument: 'A', side, quantity, price },
  fee: price * quantity * 0.01,
});
const order = (number: number, status: OrderRecord['status']): OrderRecord => ({
  ...{
    id: `r.${number}.order`,
    at: (number + 1) * hour,
    instrument: 'A',
    side: 'BUY',
    type: 'market',
    quantity: 1,
  },
  ...{ limit: null, stop: 97, status, reason: null, decision: `r.${number}` },
});

function tinyRun(): FinishedRun {
  const tally = new RunTally();
  const portfolio = new Portfolio(1_000);
  const fills = [null, fill(1, 'BUY', 2, 100), fill(2, 'SELL', 1, 110)];
  const closes = [100, 110, 120];
  const sources: readonly Source[] = ['rules', 'llm', 'rules'];
  const orders = [[order(1, 'approved')], [order(2, 'approved'), order(2, 'refused')], []];
  closes.forEach((close, index) => {
    const at = (index + 2) * hour;
    const done = fills[index] ?? null;
    const trade: Trade | null = done === null ? null : portfolio.apply(done, null);
    portfolio.mark('A', close);
    tally.add({
      at,
      records: [decisionOf(situationAt(index + 1), { source: sources[index]!, fellBack: index === 2 })],
      orders: orders[index]!,
      fills: done === null ? [] : [done],
      trades: trade === null ? [] : [trade],
      refusals: [],
      equity: { at, equity: portfolio.equity, cash: portfolio.cash },
    });
  });
  return {
    run: 'r',
    settings: {
      ...{ data: { kind: 'files', files: [] }, from: hour, to: null, seed: 1, version: '0' },
      ...{ desk: { name: 'tiny', text: '' }, prompts: {}, hashes: {}, record: false },
      ...{ llm: { providers: {}, profiles: {} }, profiles: {}, replayOf: 'r_0' },
    },
    capital: 1_000,
    costs: new Map([['A', costs]]),
    market: {
      markets: [market],
      instruments: [{ ...market.instrument, file: '/data/A.csv', sha256: 'abc' }],
      ...{ news: null, synthetic: false, loadMs: 1 },
    },
    tally,
    portfolio,
    answeredBy: [],
    llm: { calls: 1, cacheHits: 0, inputTokens: 2, outputTokens: 3, costUsd: 4, recordedCostUsd: 5 },
    hash: 'f00d',
    trials: null,
    positionPct: 50,
  };
}

describe('the figures of a hand-made run', () => {
  const figures = concludeRun(tinyRun());

  test('say what it was', () => {
    expect(figures).toMatchObject({
      ...{ run: 'r', desk: 'tiny', mode: 'backtest', replayOf: 'r_0', synthetic: false, hash: 'f00d' },
      instruments: [{ symbol: 'A', file: '/data/A.csv', sha256: 'abc' }],
      // The first open and the last close of the bars decided on, not of those that warmed up.
      ...{ from: '1970-01-01T01:00:00.000Z', to: '1970-01-01T04:00:00.000Z' },
      ...{ costs, llm: { calls: 1, costUsd: 4, recordedCostUsd: 5 } },
    });
  });

  test('warn of candles that look split inside the run', () => {
    expect(figures.notes).toEqual([]);
    const split = marketOf(
      'A',
      [
        [90, 90],
        [100, 100],
        [200, 200],
        [200, 200],
      ],
      { from: 1 },
    );
    const run = tinyRun();
    const { notes } = concludeRun({ ...run, market: { ...run.market, markets: [split] } });
    expect(notes).toEqual([expect.stringMatching(/^A looks split on 1970-01-01, .* not adjusted/)]);
  });

  test('count bars, decisions, orders, fills and closed trades', () => {
    expect(figures).toMatchObject({
      bars: 3,
      decisions: 3,
      orders: 3,
      refused: 1,
      fills: 2,
      trades: 1,
      fellBack: 1,
    });
    expect(figures.sources).toEqual({ llm: 1, cache: 0, council: 0, model: 0, rules: 2, hold: 0 });
  });

  test('balance: the end is cash and positions, the fees are those of the fills', () => {
    const { equity } = figures;
    expect(equity.start).toBe(1_000);
    expect(equity.cash).toBeCloseTo(906.9, 9);
    expect(equity.positions).toBe(120);
    expect(equity.end).toBeCloseTo(1_026.9, 9);
    expect(equity.fees).toBeCloseTo(3.1, 9);
  });

  test('measure it against holding with the same costs', () => {
    expect(figures.metrics).toMatchObject({ winRatePct: 100, periodsPerYear: 365, days: 1, cagrPct: null });
    expect(figures.metrics.returnPct).toBeCloseTo(2.69, 9);
    // Bars 2 and 3 close with a position, of three.
    expect(figures.metrics.exposurePct).toBeCloseTo(200 / 3, 9);
    // Bought at 100 plus 1 %, worth 120 at the end.
    expect(figures.baselines.buyAndHold.returnPct).toBeCloseTo((120 / 101 - 1) * 100, 9);
  });

  test('match holding at the mean share that was held', () => {
    const { hold, matched } = baselineCurves(tinyRun());
    [100, 110, 120].forEach((close, slot) => {
      expect(hold[slot]?.equity).toBeCloseTo((close * 1_000) / 101, 9);
    });
    // 0 of 1000, 220 of 1018, 120 of 1026.90.
    const share = (0 + 220 / 1_018 + 120 / 1_026.9) / 3;
    const grown = [100 / 101, 110 / 100, 120 / 110].reduce(
      (equity, growth) => equity * (1 + share * (growth - 1)),
      1_000,
    );
    expect(matched.at(-1)?.equity).toBeCloseTo(grown, 9);
    expect(figures.baselines.exposureMatched.returnPct).toBeCloseTo(grown / 10 - 100, 9);
  });

  test('are plain numbers or null, never NaN or infinite', () => {
    // JSON would write null for NaN: what went in must be what comes out.
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });
});
