import type {
  BacktestDocument,
  ComparisonDocument,
  SweepDocument,
  WalkForwardDays,
  WalkForwardDocument,
} from '../engine/index.ts';
import {
  type BacktestRequest,
  backtestStrategy,
  compareStrategies,
  type SweepRequest,
  type SweepWatch,
  sweepStrategy,
  type TrialsLog,
  walkForward,
} from '../runs/index.ts';
import { mergeParams, shareParams } from '../strategies/index.ts';
import { namedStrategy } from './named-strategy.ts';

/** What a person asks to be tested, the strategy apart. `params` override its own. */
export type StrategyRequest = Omit<BacktestRequest, 'strategy'>;

/** The same for many combinations of parameters at once. */
type StrategySweepRequest = Omit<SweepRequest, 'strategy' | 'source'>;

export interface StrategyTests {
  /** Tests a strategy on candles; keeps nothing. `strategy` is a shipped name or an absolute path. */
  backtest(strategy: string, request: StrategyRequest): Promise<BacktestDocument>;
  /**
   * The same for several strategies, on the same candles at the same costs. A parameter goes to those that have it.
   * @throws OrreryError `usage-invalid` for a parameter that none has
   */
  compare(strategies: readonly string[], request: StrategyRequest): Promise<ComparisonDocument>;
  /** Tests every combination of parameters. */
  sweep(strategy: string, request: StrategySweepRequest, watch: SweepWatch): Promise<SweepDocument>;
  /** Chooses among the combinations on one stretch after the other, and tests each choice on the days that follow. */
  walkForward(
    strategy: string,
    request: StrategySweepRequest,
    days: WalkForwardDays,
    watch: SweepWatch,
  ): Promise<WalkForwardDocument>;
}

export function testStrategies(trials: TrialsLog): StrategyTests {
  return {
    async backtest(source, request) {
      const strategy = await namedStrategy(source);
      const params = mergeParams(source, strategy.code.params, request.params);
      return backtestStrategy({ ...request, params, strategy }, trials);
    },
    async compare(sources, request) {
      const given = shareParams(await Promise.all(sources.map(namedStrategy)), request.params);
      return compareStrategies(
        given.map(({ strategy, params }) => ({ ...request, strategy, params })),
        trials,
      );
    },
    sweep: async (source, request, watch) =>
      sweepStrategy(await sweepRequest(source, request), trials, watch),
    walkForward: async (source, request, days, watch) =>
      walkForward(await sweepRequest(source, request), days, trials, watch),
  };
}

async function sweepRequest(source: string, request: StrategySweepRequest): Promise<SweepRequest> {
  const strategy = await namedStrategy(source);
  const swept = Object.fromEntries(request.ranges.map(({ name, from }) => [name, from]));
  const params = mergeParams(source, strategy.code.params, { ...request.params, ...swept });
  return { ...request, params, source, strategy };
}
