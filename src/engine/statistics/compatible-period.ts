/** The time between bars as backtesting.py sees it: the median distance of the last 100. NaN for fewer than two bars. */
export function barPeriodMs(openTime: Float64Array): number {
  const last = openTime.subarray(-100);
  const distances = last
    .subarray(1)
    .map((time, index) => time - last[index]!)
    .sort();
  const middle = distances.length / 2;
  return (
    ((distances[Math.ceil(middle) - 1] ?? Number.NaN) + (distances[Math.floor(middle)] ?? Number.NaN)) / 2
  );
}

/** Up to a whole unit of the period: pandas' `Timedelta.ceil(period.resolution_string)`. */
export function ceilToPeriod(ms: number, periodMs: number): number {
  const unit = unitsMs.find((candidate) => periodMs % candidate === 0) ?? 1;
  return Math.ceil(ms / unit) * unit;
}

const unitsMs = [86_400_000, 3_600_000, 60_000, 1000];
