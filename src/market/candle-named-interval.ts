import { basename, dirname } from 'node:path';
import { dayMs, timeframeOf } from '../core/index.ts';

interface NamedInterval {
  readonly name: string;
  readonly shortestMs: number;
  readonly longestMs: number;
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };
const words: Readonly<Record<string, string>> = {
  second: '1s',
  minute: '1m',
  hour: '1h',
  hourly: '1h',
  day: '1d',
  daily: '1d',
  week: '1w',
  weekly: '1w',
};

/**
 * What the file's name, else its folder's, promises (`1h`, `15min`, `daily`) where the measured interval is another;
 * null when they agree or nothing is promised. A name with several, such as `1h_from_1m`, agrees with each of them.
 */
export function contradictedInterval(file: string, intervalMs: number): string | null {
  const inFile = namedIntervals(basename(file));
  const named = inFile.length > 0 ? inFile : namedIntervals(basename(dirname(file)));
  const agrees = named.some(
    ({ shortestMs, longestMs }) => intervalMs >= shortestMs && intervalMs <= longestMs,
  );
  if (named.length === 0 || agrees) return null;
  return `the name says ${named.map(({ name }) => name).join(' or ')}, the bars are ${timeframeOf(intervalMs)} apart`;
}

function namedIntervals(name: string): NamedInterval[] {
  return name.split(/[^A-Za-z0-9]+/).flatMap((part) => {
    // Exchanges write 1M for a month and 1m for a minute.
    if (part === '1M' || /^(1mo|1mon|1month|month|monthly)$/i.test(part)) {
      return [{ name: part, shortestMs: 28 * dayMs, longestMs: 31 * dayMs }];
    }
    const match = /^([1-9]\d{0,2})(s|sec|m|min|h|hour|d|day|w|week)$/i.exec(
      words[part.toLowerCase()] ?? part,
    );
    if (!match) return [];
    const ms = Number(match[1]) * unitMs[match[2]![0]!.toLowerCase() as keyof typeof unitMs];
    return [{ name: part, shortestMs: ms, longestMs: ms }];
  });
}
