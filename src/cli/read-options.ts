import { type EpochMs, OrreryError } from '../core/index.ts';

/** `2022-01-01`, or a time with or without zone; UTC where none is given. @throws OrreryError `usage-invalid` */
export function readTime(option: string, text: string): EpochMs {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) || /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text)
    ? Date.parse(zoned ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`)
    : Number.NaN;
  if (Number.isNaN(at) || !isCalendarDate(text.slice(0, 10))) {
    throw new OrreryError('usage-invalid', `${option}: "${text}" is not a time`, {
      hint: 'Write 2022-01-01 or 2022-01-01T14:00:00Z.',
    });
  }
  return at;
}

/** `Date.parse` takes 30 February for 2 March. */
function isCalendarDate(date: string): boolean {
  return new Date(Date.parse(date)).toISOString().startsWith(date);
}

/** A whole number from `least` to `most`. @throws OrreryError `usage-invalid` */
export function readWholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new OrreryError(
    'usage-invalid',
    `${option}: "${text}" is not a whole number from ${least} to ${most}`,
    {
      hint: `Give ${option} such a number, or leave it out.`,
    },
  );
}

/** A decimal number within bounds, both included. @throws OrreryError `usage-invalid` */
export function readNumber(option: string, text: string, least: number, most: number): number {
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new OrreryError('usage-invalid', `${option}: "${text}" is not a number from ${least} to ${most}`, {
    hint: `Give ${option} such a number, or leave it out.`,
  });
}
