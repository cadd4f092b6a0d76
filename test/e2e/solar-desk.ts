import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The text of the shipped desk. */
export const solarDesk = readFileSync(resolve(import.meta.dirname, '../../desks/solar.yaml'), 'utf8');

/** The shipped desk with one place written anew. */
export function solarWith(place: string | RegExp, text: string): string {
  const changed = solarDesk.replace(place, text);
  if (changed === solarDesk) throw new RangeError(`desks/solar.yaml has no ${place}`);
  return changed;
}
