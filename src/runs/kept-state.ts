import { type Backtest, backtest, type SweepTrial } from '../engine/index.ts';
import type { BacktestRequest, Tested } from './strategy-backtest.ts';

/** What ships keeps nothing from one run to the next, and is named by its name. */
function ships({ name, key }: BacktestRequest['strategy']): boolean {
  return name === key;
}

/**
 * Plays a person's own strategy once more. One whose file keeps something from one run to the next, or that draws lots,
 * places other orders then.
 * @returns a note for the reader, or none
 */
export function noteOfSecondRun(
  { strategy, params }: BacktestRequest,
  { market, settings }: Tested,
  result: Backtest,
): readonly string[] {
  if (ships(strategy)) return [];
  const again = backtest(strategy.code, params, market.markets, settings);
  const same = again.simulator.log.digest() === result.simulator.log.digest();
  return same ? [] : [`a second run over the same candles places other orders: ${keeping} and under stress`];
}

/** The same of a sweep, by its first combination, which `replay` plays. */
export function noteOfReplayedTrial(
  { strategy }: Pick<BacktestRequest, 'strategy'>,
  [first]: readonly SweepTrial[],
  replay: () => SweepTrial,
): readonly string[] {
  if (ships(strategy)) return [];
  const same = JSON.stringify(replay().row) === JSON.stringify(first?.row);
  return same
    ? []
    : [`the first combination, played again, comes to another result: ${keeping} of all combinations`];
}

const keeping =
  'the strategy keeps something from one run to the next, such as in a variable of its file, or draws lots; do not trust the figures';
