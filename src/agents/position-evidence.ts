import type { Situation } from '../engine/index.ts';
import type { EvidenceSheet } from './evidence-sheet.ts';

/**
 * What the desk holds of the instrument: units (negative when short), and if any the entry, the stop and the return so
 * far; or where its stop was reached in this bar.
 */
export function addPosition(sheet: EvidenceSheet, situation: Situation): void {
  const { position, instrument, bar } = situation;
  sheet.add('position', position?.quantity ?? 0, 'units');
  if (situation.stoppedOut !== null) sheet.add('stopped-out', situation.stoppedOut, instrument.currency);
  if (position === null) return;
  sheet.add('position-entry', position.entry, instrument.currency);
  if (position.stop !== null) sheet.add('position-stop', position.stop, instrument.currency);
  const direction = Math.sign(position.quantity);
  sheet.add('position-return', direction * (bar.close / position.entry - 1) * 100, '%');
}
