import { type CandleSeries, isoTime } from '../core/index.ts';

/** What is wrong, or odd, about a strategy or a desk on certain candles. */
export interface CheckFinding {
  readonly kind: 'look-ahead' | 'warm-up' | 'units' | 'interval';
  /** The line, moon, agent or instrument it is about; `next` or `size` where a strategy's orders show it. */
  readonly subject: string;
  /** Open of the first bar where it shows, ISO 8601. */
  readonly at: string;
  readonly detail: string;
  readonly instrument: string;
  /** Results cannot be trusted with a fault; a note is good to know. */
  readonly severity: 'fault' | 'note';
}

/** A finding at a bar of its instrument. */
export function findingAt(
  { symbol, openTime, length }: CandleSeries,
  bar: number,
  what: Pick<CheckFinding, 'kind' | 'subject' | 'detail'> & { readonly severity?: CheckFinding['severity'] },
): CheckFinding {
  const { kind, subject, detail, severity = 'fault' } = what;
  const at = isoTime(openTime[Math.min(bar, length - 1)]!);
  return { kind, subject, at, detail, instrument: symbol, severity };
}

/** A column of values by which something decides: a strategy's line, or one of a moon. */
export interface CheckedLine {
  readonly name: string;
  readonly compute: (candles: CandleSeries) => Float64Array;
}

/** How much was compared to find so little. */
export interface Compared {
  /** Bars at which the future was taken away. */
  readonly cuts: number;
  readonly lines: number;
  /** What a strategy asked for: orders, closes, moved stops. Of a desk, orders. */
  readonly orders: number;
  /** What agents concluded; 0 for a strategy. */
  readonly records: number;
}

export interface CheckResult {
  readonly findings: readonly CheckFinding[];
  readonly compared: Compared;
}
