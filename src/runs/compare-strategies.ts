import { OrreryError } from '../core/index.ts';
import type { ComparisonDocument } from '../engine/index.ts';
import { type BacktestRequest, judged, noteTrial, openTested, play } from './strategy-backtest.ts';
import type { TrialsLog } from './trials-log.ts';

/**
 * Tests several strategies on the same candles, which are read once.
 * @param requests alike but for the strategy and its parameters; at least one
 * @throws OrreryError what reading candles throws, and what a strategy throws with its name before it
 */
export async function compareStrategies(
  requests: readonly BacktestRequest[],
  log: TrialsLog,
): Promise<ComparisonDocument> {
  const { market, settings, head } = await openTested(requests[0]!);
  const played = requests.map((request) => {
    const { name } = request.strategy;
    return naming(name, () => play(request, { market, settings, head: { ...head, strategy: name } }));
  });
  // Before any is judged: whoever picks the best of them has tried them all.
  if (!head.compat) for (const one of played) noteTrial(one, log);
  return { comparison: played.map((one) => naming(one.request.strategy.name, () => judged(one, log))) };
}

function naming<Result>(strategy: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof OrreryError)) throw thrown;
    const { code, message, hint, retryable } = thrown;
    throw new OrreryError(code, `${strategy}: ${message}`, {
      ...(hint === null ? {} : { hint }),
      retryable,
      cause: thrown,
    });
  }
}
