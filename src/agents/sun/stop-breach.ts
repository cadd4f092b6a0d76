import type { DecisionRecord } from '../../core/index.ts';
import { decisionId } from '../../core/index.ts';
import type { Situation } from '../../engine/index.ts';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { noCost } from '../mind.ts';
import { addPosition } from '../position-evidence.ts';
import { recordOf, situationInputs } from '../record.ts';

/**
 * A bar that touched the position's stop is decided by the stop alone, whatever anybody would say. The exit fills at
 * the next open, so a loss can exceed the planned one by the gap.
 */
export function closeOnStop(situation: Situation): DecisionRecord | null {
  const { position, bar, instrument, at, run, number } = situation;
  if (position === null || position.stop === null) return null;
  const long = position.quantity > 0;
  const touched = long ? bar.low <= position.stop : bar.high >= position.stop;
  if (!touched) return null;
  const sheet = new EvidenceSheet(at);
  sheet.add('close', bar.close, instrument.currency);
  sheet.add(long ? 'low' : 'high', long ? bar.low : bar.high, instrument.currency);
  addPosition(sheet, situation);
  const frame = {
    id: decisionId(run, number),
    situation,
    agent: 'chief',
    kind: 'decision' as const,
    sheet,
    inputs: situationInputs(situation),
    source: 'rules' as const,
    fellBack: false,
    cost: noCost,
    parents: [],
  };
  const answer = {
    action: 'CLOSE' as const,
    confidence: 1,
    reasoning:
      'The bar touched the stop; the position is closed at the next open, whatever the voices would say.',
    keyFactors: [{ text: 'stop touched', evidence: sheet.ids(long ? 'low' : 'high', 'position-stop') }],
  };
  return { ...recordOf(frame, answer, 'FLAT'), rung: 'rules' };
}
