import { dayMs, type EpochMs, isoTime } from '../core/index.ts';

export interface AxisTick {
  /** 0 left … 1 right, or 0 bottom … 1 top. */
  readonly position: number;
  readonly label: string;
}

/**
 * The horizontal axis of all charts: every instant of the run takes the same width, as on trading charts, so that
 * nights and weekends leave no gaps.
 */
export interface TimeAxis {
  readonly length: number;
  /** Middle of the slot of an instant, 0 … 1; times between two instants lie between their slots. */
  position(at: EpochMs): number;
  readonly ticks: readonly AxisTick[];
}

export function createTimeAxis(instants: ArrayLike<EpochMs>): TimeAxis {
  const { length } = instants;
  const position = (at: EpochMs): number => {
    const index = firstNotBefore(instants, at);
    if (index >= length) return (length - 0.5) / length;
    const here = instants[index]!;
    const before = instants[index - 1];
    const back = before === undefined ? 0 : (here - at) / (here - before);
    return (index + 0.5 - back) / length;
  };
  return { length, position, ticks: length === 0 ? [] : timeTicks(instants, position) };
}

function firstNotBefore(instants: ArrayLike<EpochMs>, at: EpochMs): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instants[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const hourMs = dayMs / 24;
/** Steps people count in; months and years are calendar steps and come after. */
const fixedSteps = [
  hourMs / 60,
  hourMs / 12,
  hourMs / 4,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
  2 * dayMs,
  7 * dayMs,
  14 * dayMs,
];
/** The last for all that the calendar reaches. */
const monthSteps = [1, 3, 6, 12, 24, 60, 120, 240, 1_200, 12_000, 120_000, 1_200_000];
const mostTicks = 8;
const closest = 0.07;

function timeTicks(instants: ArrayLike<EpochMs>, position: (at: EpochMs) => number): readonly AxisTick[] {
  const from = instants[0]!;
  const to = instants[instants.length - 1]!;
  const ticks: AxisTick[] = [];
  for (const { at, label } of boundaries(from, to)) {
    const tick = { position: position(at), label };
    const last = ticks.at(-1);
    if (last === undefined || tick.position - last.position >= closest) ticks.push(tick);
  }
  return ticks;
}

function boundaries(from: EpochMs, to: EpochMs): readonly { readonly at: EpochMs; readonly label: string }[] {
  const fixed = fixedSteps.find((step) => (to - from) / step <= mostTicks);
  if (fixed !== undefined) {
    const first = Math.ceil(from / fixed);
    const amount = Math.max(0, Math.floor(to / fixed) - first + 1);
    return Array.from({ length: amount }, (_, index) => {
      const at = (first + index) * fixed;
      return { at, label: at % dayMs === 0 ? dayLabel(at) : isoTime(at).slice(11, 16) };
    });
  }
  const months = monthSteps.find((step) => (to - from) / (step * 30.4 * dayMs) <= mostTicks)!;
  const found = [];
  const firstMonth = monthOf(from);
  for (let month = Math.ceil(firstMonth / months) * months; ; month += months) {
    const at = monthStart(month);
    if (!(at <= to)) return found;
    if (at >= from) found.push({ at, label: monthLabel(at, months >= 12) });
  }
}

/** `month` counts from January of the year 0. What the calendar does not reach is NaN. */
function monthStart(month: number): EpochMs {
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for those of 1900.
  date.setUTCFullYear(Math.floor(month / 12), month - 12 * Math.floor(month / 12), 1);
  return date.getTime();
}

/** Years of more than four digits are written in full. */
function monthLabel(at: EpochMs, yearAlone: boolean): string {
  const date = isoTime(at).split('T')[0]!;
  return yearAlone ? date.slice(0, -6) : date.slice(0, -3);
}

function monthOf(at: EpochMs): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const monthNames = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;

function dayLabel(at: EpochMs): string {
  const text = isoTime(at);
  return `${Number(text.slice(8, 10))} ${monthNames[Number(text.slice(5, 7)) - 1]}`;
}
