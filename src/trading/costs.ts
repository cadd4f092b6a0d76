import type { AssetClass, Side } from '../core/index.ts';
import { freeTerms, noFees, type Terms } from './terms.ts';

/** What trading costs, in basis points (1/10,000) of price. */
export interface Costs {
  /** Of the traded value, each side. */
  readonly feeBps: number;
  /** Bid to ask; each side pays half. */
  readonly spreadBps: number;
  readonly slippageBps: number;
}

const defaultsByAssetClass: { readonly [assetClass in AssetClass]: Costs } = {
  equity: { feeBps: 5, spreadBps: 2, slippageBps: 0 },
  crypto: { feeBps: 10, spreadBps: 2, slippageBps: 0 },
};

/** Costs are on unless a desk writes otherwise, field by field. */
export function costsFor(
  assetClass: AssetClass,
  written: { readonly [field in keyof Costs]?: number | undefined },
): Costs {
  const fallback = defaultsByAssetClass[assetClass];
  return {
    feeBps: written.feeBps ?? fallback.feeBps,
    spreadBps: written.spreadBps ?? fallback.spreadBps,
    slippageBps: written.slippageBps ?? fallback.slippageBps,
  };
}

/**
 * The terms of an instrument on a desk. Sizes and leverage are the guard's: any quantity fills, and only an account
 * whose equity is gone is liquidated.
 */
export function termsFor({ feeBps, spreadBps, slippageBps }: Costs): Terms {
  const fee = feeBps / 10_000;
  return {
    ...freeTerms,
    fees: { ...noFees, taker: fee, maker: fee },
    spread: spreadBps / 10_000,
    slippage: { kind: 'fraction', fraction: slippageBps / 10_000 },
    lotSize: 0,
    initialMargin: 1e-12,
    maintenanceMargin: 0,
  };
}

/** Market price with half the spread and the slippage against the trader. */
export function fillPrice(side: Side, open: number, costs: Costs): number {
  const against = (costs.spreadBps / 2 + costs.slippageBps) / 10_000;
  return side === 'BUY' ? open * (1 + against) : open * (1 - against);
}

export function feeOf(price: number, quantity: number, costs: Costs): number {
  return (price * quantity * costs.feeBps) / 10_000;
}
