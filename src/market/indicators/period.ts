/** @throws RangeError unless `period` is a whole number of bars, 1 or more. */
export function requirePeriod(period: number): void {
  if (!Number.isInteger(period) || period < 1) {
    throw new RangeError(`a period is a whole number of bars, 1 or more; got ${period}`);
  }
}

/** A column of NaN: every indicator starts from it, so that whatever it leaves untouched reads as "not known yet". */
export function warmingUp(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}
