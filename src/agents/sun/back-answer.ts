import type { Action, DecisionRecord } from '../../core/index.ts';
import type { Situation } from '../../engine/index.ts';
import { roundToLot } from '../../trading/index.ts';
import { type Answer, isOpening } from '../answer.ts';
import type { Council } from './council-sheet.ts';

/** The chief's answer with the proposal that bears it. */
export interface Backed {
  readonly action: Action;
  readonly reasoning: string;
  readonly size: number | null;
  readonly sizePct: number | null;
  readonly stop: number | null;
}

/**
 * An opening needs a proposal on its side that the risk officer did not refuse: the most confident one lends its stop
 * where the chief names none, and caps the size. Without one, BUY and SELL shrink to closing what stands against them,
 * or to holding, and the reasoning says so.
 */
export function backAnswer(situation: Situation, answer: Answer, council: Council): Backed {
  const { action, reasoning } = answer;
  const bare = { size: null, sizePct: null, stop: null };
  if (!isOpening(action)) return { action, reasoning, ...bare };
  const held = situation.position?.quantity ?? 0;
  const direction = action === 'BUY' ? 1 : -1;
  if (Math.sign(held) === direction) return { action, reasoning, ...bare };
  const proposal = strongest(council.proposals.filter((one) => one.action === action));
  const size = proposal === null ? 0 : sizeOf(situation, answer, proposal);
  if (proposal !== null && size > 0) {
    const sizePct = (size * situation.bar.close * 100) / situation.account.equity;
    return { action, reasoning, size, sizePct, stop: answer.stop ?? proposal.stop };
  }
  const why = proposal === null ? `no ${action} proposal was left` : 'its size is under one lot';
  const instead = held === 0 ? 'HOLD' : 'CLOSE';
  return {
    action: instead,
    reasoning: `${reasoning} (The chief said ${action}; ${why}, so: ${instead}.)`,
    ...bare,
  };
}

function strongest(proposals: readonly DecisionRecord[]): DecisionRecord | null {
  return proposals.reduce<DecisionRecord | null>(
    (best, one) => (best === null || one.confidence > best.confidence ? one : best),
    null,
  );
}

function sizeOf(situation: Situation, answer: Answer, proposal: DecisionRecord): number {
  const offered = proposal.size ?? 0;
  const asked =
    answer.sizePct === null
      ? offered
      : (situation.account.equity * answer.sizePct) / 100 / situation.bar.close;
  return roundToLot(Math.min(offered, asked), situation.instrument.assetClass);
}
