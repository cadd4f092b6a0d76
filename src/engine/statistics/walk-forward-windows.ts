export interface WalkForwardOptions {
  /** Bars to learn from; where `anchored`, of the first window. */
  readonly train: number;
  /** Bars to be judged on. Windows advance by as many, so that no bar is judged twice. */
  readonly test: number;
  /** Bars between the two that belong to neither, so that what spans the border cannot leak; default 0. */
  readonly embargo?: number;
  /** Every window learns from bar 0 on, instead of from the latest `train` bars. */
  readonly anchored?: boolean;
}

/** Bars `from` … `to` − 1. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

export interface WalkForwardWindow {
  readonly train: BarRange;
  readonly test: BarRange;
}

/**
 * Windows over bars 0 … `length` − 1, oldest first: each is judged only on bars after those it learned from. Pardo
 * (1992). Bars at the end that do not fill a test are left out; too few bars give no window.
 *
 * @throws RangeError unless `train` and `test` are whole numbers from 1 on, and `embargo` from 0 on.
 */
export function walkForwardWindows(
  length: number,
  { train, test, embargo = 0, anchored = false }: WalkForwardOptions,
): readonly WalkForwardWindow[] {
  requireBars('train', train, 1);
  requireBars('test', test, 1);
  requireBars('embargo', embargo, 0);
  const windows: WalkForwardWindow[] = [];
  for (let end = train; end + embargo + test <= length; end += test) {
    windows.push({
      train: { from: anchored ? 0 : end - train, to: end },
      test: { from: end + embargo, to: end + embargo + test },
    });
  }
  return windows;
}

function requireBars(name: string, bars: number, least: number): void {
  if (!Number.isInteger(bars) || bars < least) {
    throw new RangeError(`${name} is a whole number of bars, ${least} or more; got ${bars}`);
  }
}
