import type { EquityPoint, Fill } from '../core/index.ts';
import type { Market } from './timeline.ts';

export interface Exposure {
  /** Bars with a position at their close, over all instruments. */
  readonly barsHeld: number;
  /** Mean over instants of the value of all positions, short ones counted positive, as a share of equity. */
  readonly meanShare: number;
}

/** How much of the time, and how deep, a run was in the market; from its fills alone. */
export function exposure(
  markets: readonly Market[],
  fills: readonly Fill[],
  equity: readonly EquityPoint[],
): Exposure {
  const valueAt = new Map<number, number>();
  let barsHeld = 0;
  for (const market of markets) {
    const own = fills.filter((fill) => fill.instrument === market.instrument.symbol);
    let next = 0;
    let held = 0;
    for (let index = market.from; index < market.to; index++) {
      const openTime = market.series.openTime[index]!;
      for (; next < own.length && own[next]!.at <= openTime; next++) {
        const fill = own[next]!;
        held += fill.side === 'BUY' ? fill.quantity : -fill.quantity;
      }
      // Units left over by adding and subtracting decimals are not a position.
      if (Math.abs(held) < 1e-9) continue;
      barsHeld++;
      const at = openTime + market.series.intervalMs;
      valueAt.set(at, (valueAt.get(at) ?? 0) + Math.abs(held) * market.series.close[index]!);
    }
  }
  let shares = 0;
  for (const point of equity) {
    if (point.equity > 0) shares += (valueAt.get(point.at) ?? 0) / point.equity;
  }
  return { barsHeld, meanShare: equity.length === 0 ? 0 : shares / equity.length };
}
