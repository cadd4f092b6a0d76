import { dayMs } from '../core/index.ts';

/** Made when first needed: it takes longer than all else in this folder together. */
let format: Intl.DateTimeFormat | null = null;
const offsets = new Map<number, number>();

/**
 * Milliseconds that New York is ahead of UTC (negative) on the date that `wall` falls on there, as its clocks show at
 * noon: they change at two in the morning of a Sunday, when no exchange is open. NaN for NaN.
 */
export function newYorkOffset(wall: number): number {
  if (Number.isNaN(wall)) return Number.NaN;
  const day = Math.floor(wall / dayMs);
  const known = offsets.get(day);
  if (known !== undefined) return known;
  // Noon in New York is 16:00 or 17:00 UTC of the same date.
  format ??= new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', timeZoneName: 'longOffset' });
  const parts = format.formatToParts(day * dayMs + 0.7 * dayMs);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name) ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const offset = sign === '-' ? -ms : ms;
  offsets.set(day, offset);
  return offset;
}
