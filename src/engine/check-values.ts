import type { CandleSeries } from '../core/index.ts';
import { type CheckedLine, type CheckFinding, findingAt } from './check-finding.ts';
import { stretchOf } from './check-futures.ts';

/**
 * Lines that are nowhere known, and values that are no numbers behind the first one that is. A hole (NaN) may be meant: no
 * comparison with it holds. An infinite value is a division by zero, and compares like any other.
 */
export function findOddValues(lines: readonly CheckedLine[], series: CandleSeries): readonly CheckFinding[] {
  return lines.flatMap(({ name, compute }): readonly CheckFinding[] => {
    const values = compute(stretchOf(series, 0, series.length));
    const first = values.findIndex((value) => !Number.isNaN(value));
    if (first < 0) {
      const detail = `has no value at any of ${series.length} bars, so that nothing is ever decided`;
      return [findingAt(series, 0, { kind: 'warm-up', subject: name, detail })];
    }
    let odd = 0;
    let infinite = 0;
    let at = -1;
    for (let bar = first; bar < series.length; bar++) {
      if (Number.isFinite(values[bar])) continue;
      odd++;
      if (!Number.isNaN(values[bar])) infinite++;
      if (at < 0) at = bar;
    }
    if (odd === 0) return [];
    const detail = `is no finite number at ${odd} of ${series.length - first} bars since it is first known`;
    const severity = infinite > 0 ? 'fault' : 'note';
    return [findingAt(series, at, { kind: 'units', subject: name, detail, severity })];
  });
}
