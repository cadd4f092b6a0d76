import { dayMs, isoTime, timeframeOf } from '../core/index.ts';
import type { AgentSpec } from '../desk/index.ts';
import { type CheckFinding, findingAt, type Market } from '../engine/index.ts';
import { checkCandleFile } from '../market/index.ts';
import type { FileData } from './run-settings.ts';

/** A shorter hole is seldom more than an exchange's maintenance. */
const longestHoleBars = 5;

/**
 * What the bars' times say against counting in bars: bars closer than their interval, and holes of more than 5 bars in the
 * tested range, beside those of weekends, nights and holidays. All of one kind are one finding.
 */
export async function findOddIntervals(
  { series, from, to }: Market,
  file: FileData,
): Promise<readonly CheckFinding[]> {
  const { problems } = await checkCandleFile(file);
  const known = new Map<string, number>();
  for (let bar = Math.max(from, 1); bar < to; bar++) known.set(isoTime(series.openTime[bar]!), bar);
  const found = (kind: string, isOdd: (bar: number) => boolean) =>
    problems.flatMap((problem) => {
      const bar = problem.kind === kind ? known.get(problem.at ?? '') : undefined;
      return bar === undefined || !isOdd(bar) ? [] : [{ bar, detail: problem.detail }];
    });
  const step = (bar: number) => series.openTime[bar]! - series.openTime[bar - 1]!;
  const holes = found('hole', (bar) => step(bar) > longestHoleBars * series.intervalMs);
  const close = found('interval-mismatch', (bar) => step(bar) < series.intervalMs);
  return [holes, close].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const others = more.length === 0 ? '' : `, and so at ${more.length} other places`;
    const detail = `${first.detail}${others}: periods are counted in bars of ${timeframeOf(series.intervalMs)}`;
    // Exchanges have been closed for a week; nothing explains more.
    const closed =
      series.intervalMs >= dayMs && step(first.bar) > series.intervalMs && step(first.bar) <= 10 * dayMs;
    const severity = closed ? 'note' : 'fault';
    return [findingAt(series, first.bar, { kind: 'interval', subject: series.symbol, detail, severity })];
  });
}

/** Agents that are to run more often than bars close, or at times that fall between closes: they run at the next close. */
export function findOddCadences(
  agents: readonly AgentSpec[],
  { series, from }: Market,
): readonly CheckFinding[] {
  const { intervalMs } = series;
  return agents.flatMap(({ name, every }) => {
    if (every.kind === 'bars' || every.ms % intervalMs === 0) return [];
    const [cadence, bars] = [timeframeOf(every.ms), timeframeOf(intervalMs)];
    const effect = every.ms < intervalMs ? 'it runs at every bar' : 'it runs at the first close after each';
    const detail = `every ${cadence} cannot be kept with bars of ${bars}: ${effect}`;
    return [findingAt(series, from, { kind: 'interval', subject: name, detail, severity: 'note' })];
  });
}
