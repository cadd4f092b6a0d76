/** Most that may be taken. What is left out has no limit. A day is a UTC date of the machine's clock. */
export interface BudgetSettings {
  readonly usdPerCall?: number;
  readonly usdPerRun?: number;
  /** Of each agent of a run. */
  readonly usdPerAgent?: number;
  readonly usdPerDay?: number;
  readonly tokensPerCall?: number;
  readonly tokensPerRun?: number;
  readonly tokensPerAgent?: number;
  readonly tokensPerDay?: number;
}

/** What a budget counts, as a whole number: dollars as thousand-millionths, so that sums are exact. */
export type BudgetUnit = 'usd' | 'tokens';

const nanoUsd = 1e9;

/** Rounded up: a budget is never exceeded by rounding. What no sum can hold counts as the most there is. */
export function wholeAmount(unit: BudgetUnit, amount: number): number {
  const whole = unit === 'usd' ? Math.ceil(amount * nanoUsd - 1e-3) : Math.ceil(amount);
  return Math.min(Number.MAX_SAFE_INTEGER, whole);
}

export function amountInWords(unit: BudgetUnit, whole: number): string {
  if (unit === 'tokens') return `${whole} tokens`;
  const usd = whole / nanoUsd;
  return `$${usd >= 1 || usd === 0 ? usd.toFixed(2) : Number(usd.toPrecision(3))}`;
}
