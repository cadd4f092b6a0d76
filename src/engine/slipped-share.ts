import type { Slippage } from '../trading/index.ts';

/** What an order of any size loses to slippage, as a share of the price. */
export function slippedShare(slippage: Slippage): number {
  // What grows with the size, or is an amount a unit, cannot be known for every size and price.
  return slippage.kind === 'fraction' ? slippage.fraction : 0;
}
