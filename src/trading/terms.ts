import type { CorporateAction, EpochMs } from '../core/index.ts';

/** Fees of one fill, added up. Fractions are of the traded value: 0.001 is 10 basis points. */
export interface FeeTerms {
  readonly fixed: number;
  readonly perUnit: number;
  /** For orders that take what is offered: market and stop orders. */
  readonly taker: number;
  /** For limit orders that waited. */
  readonly maker: number;
  /** No fill costs less than this. */
  readonly minimum: number;
  /** Other fractions once this much value has been traded on the account; ascending. */
  readonly tiers: readonly { readonly tradedFrom: number; readonly taker: number; readonly maker: number }[];
}

/**
 * What a market or stop order loses beside the spread: nothing, an amount per unit, a fraction of the price, or a
 * fraction that grows with the square of the share of the bar's volume it takes (Zipline's volume-share model).
 */
export type Slippage =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly perUnit: number }
  | { readonly kind: 'fraction'; readonly fraction: number }
  | { readonly kind: 'volume-share'; readonly impact: number };

/** How one instrument is traded. */
export interface Terms {
  readonly fees: FeeTerms;
  /** Bid to ask, as a fraction of the price. */
  readonly spread: number;
  readonly slippage: Slippage;
  /** Smallest tradable quantity: 1 for whole units, 0 for any. */
  readonly lotSize: number;
  /** Prices of waiting orders are rounded to this, away from filling; 0 for any price. */
  readonly tickSize: number;
  /** Share of a position's value that must be covered when it is opened, 0 (exclusive) … 1. Leverage is its inverse. */
  readonly initialMargin: number;
  /** Share below which the position is liquidated. */
  readonly maintenanceMargin: number;
  /** Most of a bar's volume that fills may take, 0 … 1; Infinity for all one asks. */
  readonly volumeShare: number;
  /** Cost of holding a short position, a fraction of its value a year (365 days). */
  readonly borrowPerYear: number;
  /** Splits and dividends, ascending. */
  readonly actions: readonly CorporateAction[];
  /** What longs pay shorts, as fractions of the position's value, ascending. */
  readonly funding: readonly { readonly at: EpochMs; readonly rate: number }[];
}

export const noFees: FeeTerms = { fixed: 0, perUnit: 0, taker: 0, maker: 0, minimum: 0, tiers: [] };

export const freeTerms: Terms = {
  fees: noFees,
  spread: 0,
  slippage: { kind: 'none' },
  lotSize: 1,
  tickSize: 0,
  initialMargin: 1,
  maintenanceMargin: 0.5,
  volumeShare: Number.POSITIVE_INFINITY,
  borrowPerYear: 0,
  actions: [],
  funding: [],
};

/** Of one fill. `traded` is the value traded on the account before it, which decides the tier. */
export function feeFor(fees: FeeTerms, units: number, price: number, maker: boolean, traded: number): number {
  const fee = fees.fixed + proportionalFee(fees, units, price, maker, traded);
  // A rebate is no fee below a minimum that there is none of.
  return fees.minimum > 0 ? Math.max(fee, fees.minimum) : fee;
}

/** The part of a fee that grows with the size. */
export function proportionalFee(
  fees: FeeTerms,
  units: number,
  price: number,
  maker: boolean,
  traded: number,
): number {
  let fraction = maker ? fees.maker : fees.taker;
  for (const tier of fees.tiers) if (traded >= tier.tradedFrom) fraction = maker ? tier.maker : tier.taker;
  return units * fees.perUnit + units * price * fraction;
}

/**
 * Price moved against the trader by half the spread and the slippage; two fractions of the price add up. `share` is the
 * part of the bar's volume that the fill takes.
 */
export function slippedPrice(
  { slippage, spread }: Pick<Terms, 'slippage' | 'spread'>,
  price: number,
  direction: number,
  share: number,
): number {
  const half = spread / 2;
  switch (slippage.kind) {
    case 'none':
      return price * (1 + direction * half);
    case 'fixed':
      return (price + direction * slippage.perUnit) * (1 + direction * half);
    case 'fraction':
      return price * (1 + direction * (half + slippage.fraction));
    case 'volume-share':
      return price * (1 + direction * slippage.impact * share * share) * (1 + direction * half);
  }
}

/** A waiting price on the grid: a buyer's goes down, a seller's up for limits, the other way round for stops. */
export function onTick(price: number, tickSize: number, up: boolean): number {
  if (tickSize === 0 || Number.isNaN(price)) return price;
  const ticks = price / tickSize;
  const nearest = Math.round(ticks);
  const onGrid = Math.abs(ticks - nearest) < 1e-9;
  return (onGrid ? nearest : up ? Math.ceil(ticks) : Math.floor(ticks)) * tickSize;
}

/** Rounds a quantity above 0 down to whole lots. */
export function wholeLots(units: number, lotSize: number): number {
  if (lotSize === 0) return units;
  const lots = Math.floor(units / lotSize + 1e-9);
  // By the reciprocal, because 3 × 0.1 is not 0.3.
  return lotSize < 1 ? lots / Math.round(1 / lotSize) : lots * lotSize;
}
