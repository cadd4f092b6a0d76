import { type CandleSeries, createRandom } from '../../core/index.ts';
import { type BarGrid, barHours } from './bar-grid.ts';
import { createClusteredNoise, stepsPerBar } from './clustered-noise.ts';
import type { MarketFactor } from './market-factor.ts';
import { regimeTraits } from './regime-chain.ts';
import { streamSeed } from './stream-seed.ts';
import { createTradingVolume } from './trading-volume.ts';

/** Smallest step of a synthetic price, in USD. */
export const tickSize = 0.01;

/** How one instrument differs from the others. */
interface InstrumentTraits {
  readonly startPrice: number;
  /** Weight of the market factor. */
  readonly beta: number;
  /** Standard deviation of its own log return over one hour. */
  readonly ownVolatility: number;
}

/** Start price 50 to 500, beta 0.7 to 1.3, own volatility 0.35 to 0.55 % an hour; the same for the same seed and symbol. */
function instrumentTraits(seed: number, symbol: string): InstrumentTraits {
  const random = createRandom(streamSeed(seed, `${symbol}/traits`));
  const spread = random();
  return {
    startPrice: toTick(50 + 450 * spread * spread),
    beta: 0.7 + 0.6 * random(),
    ownVolatility: 0.0035 + 0.002 * random(),
  };
}

/**
 * Candles of one instrument: the market factor times beta plus its own noise, walked in steps. The price is rounded
 * to a tick at every step, and the next step starts from the rounded one, so a difference in the last bit between two
 * machines cannot grow.
 */
export function createPricePath(
  symbol: string,
  seed: number,
  grid: BarGrid,
  factor: MarketFactor,
): CandleSeries {
  const traits = instrumentTraits(seed, symbol);
  const noise = createClusteredNoise(streamSeed(seed, `${symbol}/price`));
  const volumeOf = createTradingVolume(streamSeed(seed, `${symbol}/volume`), traits.startPrice, grid);
  const series = emptySeries(symbol, grid);
  const own = new Float64Array(stepsPerBar);
  const ownPerBar = traits.ownVolatility * Math.sqrt(barHours(grid));
  let price = traits.startPrice;
  for (let bar = 0; bar < grid.bars; bar++) {
    // A crash is mostly the market's: own noise grows by half as much as the factor's, so correlation rises.
    const ownScale = (ownPerBar * (1 + regimeTraits[factor.regimes[bar]!].volatility)) / 2;
    const open = price;
    let high = open;
    let low = open;
    noise(own, 0);
    for (let step = 0; step < stepsPerBar; step++) {
      const move = traits.beta * factor.steps[bar * stepsPerBar + step]! + ownScale * own[step]!;
      // 1 + x + x²/2 stands for e^x: its logarithm is x up to x³/6, and it can never reach zero.
      price = toTick(price * (1 + move + (move * move) / 2));
      if (price > high) high = price;
      else if (price < low) low = price;
    }
    series.openTime[bar] = grid.start + bar * grid.intervalMs;
    series.open[bar] = open;
    series.high[bar] = high;
    series.low[bar] = low;
    series.close[bar] = price;
    series.volume[bar] = volumeOf(series.openTime[bar]!, price / open - 1);
  }
  return series;
}

function toTick(price: number): number {
  return Math.max(1, Math.round(price * 100)) / 100;
}

function emptySeries(symbol: string, { intervalMs, bars }: BarGrid): CandleSeries {
  const column = () => new Float64Array(bars);
  return {
    symbol,
    intervalMs,
    length: bars,
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
}
