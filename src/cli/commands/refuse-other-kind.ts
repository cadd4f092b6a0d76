import { OrreryError } from '../../core/index.ts';
import { shippedStrategies } from '../../strategies/index.ts';

/**
 * What stands where a desk is wanted.
 * @param desks names of the desks there are
 * @throws OrreryError `desk-not-found` for a strategy
 */
export function refuseStrategy(word: string, desks: readonly string[]): void {
  if (desks.includes(word)) return;
  if (!shippedStrategies.has(word) && !/\.[cm]?[jt]s$/.test(word)) return;
  throw new OrreryError('desk-not-found', `${word} is a strategy, and run plays desks`, {
    hint: `To test it: orrery backtest ${word} --data FILE`,
  });
}

/**
 * What stands where a strategy is wanted.
 * @param desks names of the desks there are
 * @throws OrreryError `strategy-not-found` for a desk
 */
export function refuseDesk(word: string, desks: readonly string[]): void {
  if (shippedStrategies.has(word)) return;
  const isFile = /\.ya?ml$/.test(word);
  if (!isFile && !desks.includes(word)) return;
  throw new OrreryError('strategy-not-found', `${word} is a desk, and backtest tests strategies`, {
    hint: `To play it: orrery run ${word} --data FILE`,
  });
}
