import { dayMs, type EpochMs, isoTime } from '../core/index.ts';
import { count } from './number.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/** `2024-03-05 14:00`, for a column whose header says UTC. Seconds only where there are some. */
export function stamp(at: EpochMs): string {
  const text = isoTime(at);
  const seconds = text.slice(17, 19) === '00' ? '' : text.slice(16, 19);
  return `${text.slice(0, 10)} ${text.slice(11, 16)}${seconds}`;
}

/** `2024-03-05 14:00 UTC` */
export function utcTime(at: EpochMs): string {
  return `${stamp(at)} UTC`;
}

/** `2024-03-05`, or with the hour where it is not midnight. */
function dateOrStamp(at: EpochMs): string {
  return at % dayMs === 0 ? isoTime(at).slice(0, 10) : stamp(at);
}

/** `2024-01-01 → 2024-06-29 UTC`; hours are written only where an end is not at midnight. */
export function period(from: EpochMs, to: EpochMs): string {
  return `${dateOrStamp(from)} → ${dateOrStamp(to)} UTC`;
}

/** The two largest units that matter: `340 ms`, `2.1 s`, `49 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < 10 * secondMs) return `${(ms / secondMs).toFixed(1)} s`;
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return pair(ms, minuteMs, 'min', secondMs, 's');
  if (ms < 2 * dayMs) return pair(ms, hourMs, 'h', minuteMs, 'min');
  return ms < 100 * dayMs ? pair(ms, dayMs, 'd', hourMs, 'h') : `${count(Math.floor(ms / dayMs))} d`;
}

function pair(ms: number, unit: number, name: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / unit);
  const rest = Math.floor((ms - whole * unit) / small);
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${smallName}`;
}
