import type { Trade } from '../core/index.ts';

/** A trade with the number it bears everywhere on the page: 1 is the first that was closed. */
export interface NumberedTrade {
  readonly number: number;
  readonly trade: Trade;
}

export function numberTrades(trades: readonly Trade[]): readonly NumberedTrade[] {
  return trades.map((trade, index) => ({ number: index + 1, trade }));
}
