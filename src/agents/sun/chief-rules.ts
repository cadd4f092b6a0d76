import type { DecisionRecord, Position } from '../../core/index.ts';
import { type Answer, directionOf } from '../answer.ts';
import type { EvidenceSheet } from '../evidence-sheet.ts';

const openAt = 0.3;
const closeAt = 0.15;

/**
 * The chief without a model: the mean of its voices, each counting with its confidence in its direction (HOLD and CLOSE
 * count as 0). From ±0.3 it follows the most confident proposal on that side that was not refused; a position is closed
 * when the mean stands 0.15 against it, or when the voice that trades says CLOSE; otherwise it holds.
 */
export function decideByVote(
  sheet: EvidenceSheet,
  voices: readonly DecisionRecord[],
  proposals: readonly DecisionRecord[],
  position: Position | null,
): Answer {
  const held = position?.quantity ?? 0;
  const vote =
    voices.reduce((sum, voice) => sum + directionOf(voice.action) * voice.confidence, 0) / voices.length;
  const keyFactors = voices.map((voice) => ({
    text: `${voice.agent} says ${voice.action}`,
    evidence: sheet.ids(voice.agent),
  }));
  const strength = Math.abs(vote);
  const side = vote > 0 ? 'BUY' : 'SELL';
  const already = held !== 0 && Math.sign(held) === Math.sign(vote);
  const backed = proposals.some((proposal) => proposal.action === side);
  const bare = { keyFactors, sizePct: null, stop: null };
  if (strength >= openAt && !already && backed) {
    return { action: side, confidence: strength, reasoning: `The voices agree enough to ${side}.`, ...bare };
  }
  const against = held !== 0 && vote * Math.sign(held) <= -closeAt;
  // A voice that is older than the position cannot have meant it.
  const called =
    position !== null && voices.some((voice) => voice.action === 'CLOSE' && voice.at >= position.openedAt);
  if (against || called) {
    const reasoning = called ? 'A voice calls for the exit.' : 'The voices have turned against the position.';
    return { action: 'CLOSE', confidence: Math.max(strength, closeAt), reasoning, ...bare };
  }
  if (already)
    return {
      action: 'HOLD',
      confidence: strength,
      reasoning: 'The voices still support the position.',
      ...bare,
    };
  const reasoning =
    strength < openAt
      ? 'The voices are not agreed enough to act.'
      : `The voices agree to ${side}, but no proposal to ${side} was left by the risk officer.`;
  return { action: 'HOLD', confidence: 1 - strength, reasoning, ...bare };
}
