import type { StrategyContext } from '../engine/index.ts';

/** Holds nothing against `direction` (1 long, −1 short), then goes that way: with `params.size`, or with everything when it is 0. */
export function enter(
  { params, position, buy, sell, close }: StrategyContext<{ readonly size: number }>,
  direction: number,
): void {
  const wish = params.size === 0 ? {} : { size: params.size };
  if (position.size * direction < 0) close();
  if (direction > 0) buy(wish);
  else sell(wish);
}
