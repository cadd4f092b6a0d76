import type { DecisionRecord } from '../../core/index.ts';
import { decisionId } from '../../core/index.ts';
import type { Situation } from '../../engine/index.ts';
import { stanceOf } from '../answer.ts';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { noCost } from '../mind.ts';
import { recordOf, situationInputs } from '../record.ts';

/** The last rung: the chief itself failed, and the desk keeps what it has. A bar is never without a decision. */
export function holdDecision(situation: Situation, why: string): DecisionRecord {
  const sheet = new EvidenceSheet(situation.at);
  sheet.add('close', situation.bar.close, situation.instrument.currency);
  sheet.lack('chief', 'failed');
  const frame = {
    id: decisionId(situation.run, situation.number),
    situation,
    agent: 'chief',
    kind: 'decision' as const,
    sheet,
    inputs: situationInputs(situation),
    source: 'hold' as const,
    fellBack: true,
    cost: noCost,
    parents: [],
  };
  const answer = {
    action: 'HOLD' as const,
    confidence: 0,
    reasoning: `The chief failed (${why}): the desk keeps what it has.`,
    keyFactors: [{ text: 'chief failed', evidence: sheet.ids('chief') }],
  };
  return { ...recordOf(frame, answer, stanceOf(situation.position?.quantity ?? 0)), rung: 'hold' };
}
