import { createRandom, dayMs, type EpochMs } from '../../core/index.ts';
import { type BarGrid, barHours } from './bar-grid.ts';

const usdPerHour = 2_000_000;
/** A usual hour's move, against which a bar's move counts as large or small. */
const usualMove = 0.0065;
const busiestHour = 15;

/** Units traded in a bar that opens at `openTime` and moves by `move` (a fraction). */
export type TradingVolume = (openTime: EpochMs, move: number) => number;

/** Larger moves trade more; 15:00 UTC is 2.3 times as busy as 03:00; the rest is chance. */
export function createTradingVolume(seed: number, startPrice: number, grid: BarGrid): TradingVolume {
  const random = createRandom(seed);
  const hours = barHours(grid);
  const usualUnits = (usdPerHour * hours) / startPrice;
  const usualBarMove = usualMove * Math.sqrt(hours);
  return (openTime, move) => {
    const activity = 0.5 + (0.7 * Math.abs(move)) / usualBarMove;
    const units =
      usualUnits * activity * dailyRhythm(openTime + grid.intervalMs / 2) * (0.7 + 0.6 * random());
    return Math.round(units * 100) / 100;
  };
}

/** A triangle wave over the day from 0.6 to 1.4. */
function dailyRhythm(at: EpochMs): number {
  const hour = (((at % dayMs) + dayMs) % dayMs) / 3_600_000;
  const apart = Math.abs(hour - busiestHour);
  return 1.4 - (0.8 * Math.min(apart, 24 - apart)) / 12;
}
