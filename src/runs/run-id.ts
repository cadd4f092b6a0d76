import { randomInt } from 'node:crypto';
import { OrreryError } from '../core/index.ts';

/** Crockford's base 32: no letter that reads as another. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `r_` (`e_` of an ensemble) and eight letters: 40 bits by chance. Names nothing but the run; no result depends on it. */
export function newRunId(kind: 'r' | 'e' = 'r'): string {
  return `${kind}_${Array.from({ length: 8 }, () => letters[randomInt(32)]).join('')}`;
}

/** @throws OrreryError `usage-invalid` for a name that cannot stand in record ids and file names. */
export function checkRunId(run: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(run)) return run;
  throw new OrreryError('usage-invalid', `"${run}" cannot be the id of a run`, {
    hint: 'Use letters, digits, - and _, at most 64, beginning with a letter or digit.',
  });
}
