import type { RunRequest } from './prepare-run.ts';
import type { StrategyRequest } from './test-strategies.ts';

/** What must be said of a run; anything else is as on the command line unless given. */
export type AskedRun = Pick<RunRequest, 'desk'> & Partial<RunRequest>;

/** What must be said of a test of a strategy. */
export type AskedTest = Pick<StrategyRequest, 'files'> & Partial<StrategyRequest>;

/** The seed of a synthetic market where none is given. */
const usualSeed = 7;

/** A request to run a desk, filled in as `orrery run DESK` would. */
export function runRequest(asked: AskedRun): RunRequest {
  return { data: null, from: null, to: null, seed: usualSeed, record: true, run: null, ...asked };
}

/** A request to test or check a strategy, filled in as `orrery backtest STRATEGY --data FILE` would. */
export function strategyRequest(asked: AskedTest): StrategyRequest {
  return {
    ...{ params: {}, factors: [], funding: [], from: null, to: null },
    ...{ cash: 10_000, commission: null, spread: null, slippage: 0, volumeShare: null, borrow: 0, margin: 1 },
    ...{ fractional: false, tradeOnClose: false, hedging: false, exclusive: false, finalize: false },
    ...{ compat: false, monteCarlo: null, withTrades: false },
    ...asked,
  };
}
