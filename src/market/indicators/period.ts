/** @throws RangeError unless `period` is a whole number of bars, 1 or more. */
export function requirePeriod(period: number): void {
  if (!Number.isInteger(period) || period < 1) {
    throw new RangeError(`a period is a whole number of bars, 1 or more; got ${period}`);
  }
}
