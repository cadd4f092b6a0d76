import type { EquityPoint, Fill } from '../core/index.ts';
import { closeTime } from '../core/index.ts';
import type { Market } from './timeline.ts';

export interface Exposure {
  /** Bars with a position at their close, over all instruments. */
  readonly barsHeld: number;
  /** Mean over instants of the value of all positions, short ones counted positive, as a share of equity. */
  readonly meanShare: number;
}

/** How much of the time, and how deep, a run was in the market, up to its last equity point; from its fills alone. */
export function exposure(
  markets: readonly Market[],
  fills: readonly Fill[],
  equity: readonly EquityPoint[],
): Exposure {
  const values = new Float64Array(equity.length);
  let barsHeld = 0;
  for (const { instrument, series, from, to } of markets) {
    const own = fills.filter((fill) => fill.instrument === instrument.symbol);
    let next = 0;
    let held = 0;
    let value = 0;
    let index = from;
    equity.forEach(({ at }, slot) => {
      for (; index < to && closeTime(series, index) <= at; index++) {
        for (; next < own.length && own[next]!.at <= series.openTime[index]!; next++) {
          const fill = own[next]!;
          held += fill.side === 'BUY' ? fill.quantity : -fill.quantity;
        }
        // Units left over by adding and subtracting decimals are not a position.
        const units = Math.abs(held) < 1e-9 ? 0 : Math.abs(held);
        if (units > 0) barsHeld++;
        value = units * series.close[index]!;
      }
      // While its instrument rests a position keeps the value of its last close.
      values[slot] = values[slot]! + value;
    });
  }
  let shares = 0;
  equity.forEach((point, slot) => {
    if (point.equity > 0) shares += values[slot]! / point.equity;
  });
  return { barsHeld, meanShare: equity.length === 0 ? 0 : shares / equity.length };
}
