import type { CandleSeries } from '../src/core/index.ts';
import { createSyntheticMarket } from '../src/market/index.ts';
import { IndicatorSet } from '../src/market/indicators/index.ts';
import { handLoops } from './hand-loops.ts';
import { median, rounded } from './median.ts';

const bars = 100_000;
const rounds = 61;

/** The SMA by hand on the machine the figures of others were measured on, in ns per bar. */
const referenceSma = 4.1;

/** Nanoseconds per bar of each indicator beside a bare loop, in turns: what disturbs one disturbs the other. */
export async function measure(): Promise<object> {
  const series = candles();
  const indicators: Record<string, object> = {};
  let smaNsPerBar = Number.NaN;
  for (const [name, loop] of Object.entries(handLoops)) {
    const ours: number[] = [];
    const hand: number[] = [];
    for (let round = 0; round < rounds; round++) {
      hand.push(nsPerBar(() => loop(series)));
      ours.push(nsPerBar(() => computeAlone(name, series)));
    }
    const [oursNsPerBar, handNsPerBar] = [median(ours), median(hand)];
    if (name === 'sma-20') smaNsPerBar = handNsPerBar;
    indicators[name] = {
      oursNsPerBar: rounded(oursNsPerBar),
      handNsPerBar: rounded(handNsPerBar),
      ratio: rounded(oursNsPerBar / handNsPerBar),
    };
  }
  const calibration = { smaNsPerBar: rounded(smaNsPerBar), scale: rounded(smaNsPerBar / referenceSma) };
  return { bars, rounds, indicators, calibration };
}

function candles(): CandleSeries {
  const start = Date.UTC(2020, 0, 1);
  return createSyntheticMarket({ seed: 1, symbols: ['SYN-A'], timeframe: '1h', bars, start }).series[0]!;
}

function computeAlone(name: string, series: CandleSeries): Float64Array {
  const set = new IndicatorSet(series);
  const column = set.column(name);
  set.advance(series.length);
  return column.values;
}

function nsPerBar(work: () => unknown): number {
  const started = performance.now();
  work();
  return ((performance.now() - started) * 1e6) / bars;
}
