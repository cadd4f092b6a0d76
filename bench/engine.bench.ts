import type { CandleSeries, Instrument } from '../src/core/index.ts';
import { bareLoop } from './bare-loop.ts';
import { built } from './built.ts';
import { runGrademark } from './grademark.ts';
import { medianMs, rounded } from './median.ts';
import { minuteCandles } from './minute-candles.ts';

const instrument: Instrument = {
  symbol: 'SYN',
  assetClass: 'equity',
  currency: 'USD',
  timeframe: '1m',
  adjusted: null,
};
const million = 1_000_000;

/**
 * SMA(10)/SMA(30) cross, one unit, always reversing, 0.1 % commission, minute bars: the whole of it, orders, costs, list of
 * trades, equity and statistics, loading apart. Beside it, in the same process and interleaved: the same rules as a bare
 * event-shaped loop (callback, queue, trades, no statistics), and grademark, long only, on indicators that are ready.
 * Figures of engines that cannot run here are divided by this machine's speed at a hand-written average.
 */
export async function measure(): Promise<object> {
  const { engine, strategies, trading } = await built();
  const play = (series: CandleSeries, conventions: typeof trading.honest) => {
    const fees = { ...trading.noFees, taker: 0.001, maker: 0.001 };
    const result = engine.backtest(
      strategies.shippedStrategies.get('sma-cross')!,
      { fast: 10, slow: 30, size: 1 },
      [{ instrument, series, from: 0, to: series.length }],
      {
        cash: 1_000_000,
        conventions,
        terms: new Map([['SYN', { ...trading.freeTerms, fees }]]),
        hedging: false,
        exclusive: conventions === trading.compatible,
        tradeOnClose: false,
        finalize: false,
      },
    );
    return { result, metrics: engine.backtestMetrics(result, 1_000_000) };
  };
  const series = minuteCandles(million);
  const [ours, compatible, bare, average] = medianMs(15, [
    () => play(series, trading.honest),
    () => play(series, trading.compatible),
    () => bareLoop(series, 10, 30, 0.001),
    () => handAverage(series),
  ]);
  const small = minuteCandles(20_000);
  const [ourSmall, grademark] = medianMs(7, [() => play(small, trading.honest), runGrademark(small)]);
  const perSecond = (bars: number, ms: number | undefined) => rounded((bars / (ms ?? Number.NaN)) * 1_000);
  const slowness = (average! * 1e6) / million / 4.1;
  const { result } = play(series, trading.honest);
  return {
    calibration: { smaNsPerBar: rounded((average! * 1e6) / million), slowness: rounded(slowness) },
    barsPerSecond: {
      default: perSecond(million, ours),
      compat: perSecond(million, compatible),
      bareLoop: perSecond(million, bare),
      default20k: perSecond(20_000, ourSmall),
      grademark20k: perSecond(20_000, grademark),
    },
    ratios: {
      toBareLoop: rounded(bare! / ours!),
      compatToBareLoop: rounded(bare! / compatible!),
      toGrademark: rounded(grademark! / ourSmall!),
      // 221,000 bars a second, measured where a hand-written average took 4.1 ns a bar.
      toBacktestingPyScaled: rounded((perSecond(million, ours) * slowness) / 221_000),
      bareLoopToExpected: rounded((perSecond(million, bare) * slowness) / 45_600_000),
    },
    trades: result.closed.length,
    orderHash: result.simulator.log.digest(),
    steppedOrderHash: stepped(engine, strategies, trading, series),
    growth: growth(play, trading.honest),
  };
}

type Built = Awaited<ReturnType<typeof built>>;

/** The same orders from bars that come one by one. */
function stepped(
  { StrategyStepper }: Built['engine'],
  { shippedStrategies }: Built['strategies'],
  trading: Built['trading'],
  series: CandleSeries,
): string {
  const fees = { ...trading.noFees, taker: 0.001, maker: 0.001 };
  const stepper = new StrategyStepper(
    shippedStrategies.get('sma-cross')!,
    { fast: 10, slow: 30, size: 1 },
    'SYN',
    60_000,
    {
      cash: 1_000_000,
      conventions: trading.honest,
      terms: new Map([['SYN', { ...trading.freeTerms, fees }]]),
      hedging: false,
      exclusive: false,
      tradeOnClose: false,
      finalize: false,
    },
  );
  for (let i = 0; i < series.length; i++) {
    stepper.push({
      time: series.openTime[i]!,
      open: series.open[i]!,
      high: series.high[i]!,
      low: series.low[i]!,
      close: series.close[i]!,
      volume: series.volume[i]!,
    });
  }
  return stepper.simulator.log.digest();
}

/** Nanoseconds a bar at four lengths, and what memory the longest needed. */
function growth(
  play: (series: CandleSeries, conventions: Built['trading']['honest']) => unknown,
  honest: Built['trading']['honest'],
) {
  const points = [10_000, 100_000, million, 10 * million].map((bars) => {
    const series = minuteCandles(bars);
    const times = bars > million ? 1 : 5;
    const [ms] = medianMs(times, [() => play(series, honest)]);
    return { bars, nsPerBar: rounded((ms! * 1e6) / bars) };
  });
  return { points, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
}

function handAverage({ close, length }: CandleSeries): Float64Array {
  const average = new Float64Array(length);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum += close[i]!;
    if (i >= 20) sum -= close[i - 20]!;
    if (i >= 19) average[i] = sum / 20;
  }
  return average;
}
