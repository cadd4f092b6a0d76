import type { RunDocument } from '../src/engine/index.ts';

/** A finished run with plausible figures, for tests of whoever puts results into words. */
export function sampleRunDocument(changes: Partial<RunDocument> = {}): RunDocument {
  return {
    run: 'r_sample',
    desk: 'solar',
    mode: 'backtest',
    replayOf: null,
    synthetic: true,
    instruments: [
      {
        symbol: 'SYN-A',
        assetClass: 'crypto',
        currency: 'USD',
        timeframe: '1h',
        adjusted: null,
        file: null,
        sha256: 'ab'.repeat(32),
      },
    ],
    from: '2024-01-01T00:00:00.000Z',
    to: '2024-06-29T00:00:00.000Z',
    bars: 4_320,
    decisions: 4_320,
    orders: 74,
    refused: 9,
    fills: 65,
    trades: 32,
    equity: { start: 10_000, end: 10_412.3, cash: 6_204.18, positions: 4_208.12, fees: 68.4 },
    metrics: {
      returnPct: 4.123,
      cagrPct: null,
      volatilityPct: 18.4,
      sharpe: 0.8149,
      sortino: 1.2,
      calmar: null,
      maxDrawdownPct: 6.31,
      winRatePct: 46.875,
      profitFactor: 1.31,
      exposurePct: 38.2,
      turnover: 12.5,
      periodsPerYear: 365,
      days: 180,
    },
    baselines: {
      buyAndHold: { returnPct: 6.9, sharpe: 0.92, maxDrawdownPct: 18.2 },
      exposureMatched: { returnPct: 3.1, sharpe: 0.7, maxDrawdownPct: 7.9 },
    },
    sources: { llm: 0, cache: 0, council: 0, model: 0, rules: 4_320, hold: 0 },
    fellBack: 0,
    llm: { calls: 0, cacheHits: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, recordedCostUsd: 0 },
    costs: { feeBps: 10, spreadBps: 2, slippageBps: 0 },
    hash: '8f3c'.repeat(16),
    timings: { firstDecisionMs: 410, loadMs: 120, runMs: 2_100, statsMs: 40 },
    report: null,
    ...changes,
  };
}
