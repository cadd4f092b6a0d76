import { OrreryError } from './errors.ts';

/** A bar's length as people write it: a whole number and one of `s m h d w`, e.g. `5m`, `1h`, `1d`. */
export type Timeframe = string;

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof unitMs;

export const dayMs = unitMs.d;

/** @throws OrreryError `usage-invalid` when the text is not a timeframe. */
export function timeframeMs(timeframe: Timeframe): number {
  const match = /^([1-9]\d*)([smhdw])$/.exec(timeframe);
  if (!match) {
    throw new OrreryError('usage-invalid', `"${timeframe}" is not a timeframe`, {
      hint: 'Write a whole number and a unit, such as 5m, 1h or 1d.',
    });
  }
  return Number(match[1]) * unitMs[match[2] as Unit];
}

/** The shortest name of an interval: 3_600_000 gives `1h`, 5_400_000 gives `90m`. */
export function timeframeOf(intervalMs: number): Timeframe {
  for (const unit of ['w', 'd', 'h', 'm'] as const) {
    if (intervalMs % unitMs[unit] === 0) return `${intervalMs / unitMs[unit]}${unit}`;
  }
  return `${intervalMs / unitMs.s}s`;
}
