import { addAccumulationDistribution } from './accumulation-distribution.ts';
import { addAdx } from './adx.ts';
import { addAroon } from './aroon.ts';
import { addAtr } from './atr.ts';
import { addBollinger } from './bollinger.ts';
import { addCci } from './cci.ts';
import { addDema } from './dema.ts';
import { addHighest, addLowest } from './donchian.ts';
import { addEma } from './ema.ts';
import { bars, fraction, type IndicatorFamily, ofCandles, ofClose } from './indicator-family.ts';
import { addKama } from './kama.ts';
import { addMacd } from './macd.ts';
import { addMfi } from './mfi.ts';
import { addMomentum } from './momentum.ts';
import { addNatr } from './natr.ts';
import { addObv } from './obv.ts';
import { addParabolicSar } from './parabolic-sar.ts';
import { addRoc } from './roc.ts';
import { addRsi } from './rsi.ts';
import { addSma } from './sma.ts';
import { addMeanAndDeviation } from './standard-deviation.ts';
import { addStochastic, addStochasticFast } from './stochastic.ts';
import { addStochasticRsi } from './stochastic-rsi.ts';
import { addTema } from './tema.ts';
import { addTrix } from './trix.ts';
import { addTrueRange } from './true-range.ts';
import { addUltimateOscillator } from './ultimate-oscillator.ts';
import { addVwap } from './vwap.ts';
import { addWilliamsR } from './williams-r.ts';
import { addWma } from './wma.ts';

/** Every indicator there is. A new one is a file in this folder and a row here. */
export const indicatorFamilies: readonly IndicatorFamily[] = [
  ofClose('sma', 'simple moving average of the close', 'price', [bars('period')], addSma),
  ofClose('ema', 'exponential moving average of the close', 'price', [bars('period')], addEma),
  ofClose('wma', 'moving average of the close, the newest weighing most', 'price', [bars('period')], addWma),
  ofClose('dema', 'double exponential moving average of the close', 'price', [bars('period')], addDema),
  ofClose('tema', 'triple exponential moving average of the close', 'price', [bars('period')], addTema),
  // With a period of 1 TA-Lib's versions differ: a fixed weight, or the close itself.
  ofClose(
    'kama',
    'moving average of the close that follows it the closer the straighter it runs',
    'price',
    [bars('period', null, 2)],
    addKama,
  ),
  ofClose('rsi', 'relative strength index of the close, 0 … 100', 'score', [bars('period', 14)], addRsi),
  ofClose('roc', 'rate of change of the close', '%', [bars('period', 10)], addRoc),
  ofClose('momentum', 'change of the close', 'price', [bars('period', 10)], addMomentum),
  ofClose('trix', 'change of the triply smoothed close', '%', [bars('period', 15)], addTrix),
  ofClose(
    'standard-deviation',
    'population standard deviation of the close',
    'price',
    [bars('period', 20)],
    (to, close, period) => addMeanAndDeviation(to, close, period).deviation,
  ),
  ofCandles('true-range', 'span of the bar, extended to the previous close', 'price', [], addTrueRange),
  ofCandles('atr', 'average true range', 'price', [bars('period', 14)], addAtr),
  ofCandles('natr', 'average true range in per cent of the close', '%', [bars('period', 14)], addNatr),
  ofCandles('cci', 'commodity channel index', 'score', [bars('period', 20)], addCci),
  ofCandles(
    'williams-r',
    'how far the close lies below the highest high, -100 … 0',
    'score',
    [bars('period', 14)],
    addWilliamsR,
  ),
  ofCandles('mfi', 'money flow index, 0 … 100', 'score', [bars('period', 14)], addMfi),
  ofCandles(
    'ultimate-oscillator',
    'buying pressure over three periods, 0 … 100',
    'score',
    [bars('first', 7), bars('second', 14), bars('third', 28)],
    addUltimateOscillator,
  ),
  ofCandles(
    'parabolic-sar',
    'parabolic stop and reverse',
    'price',
    [fraction('acceleration', 0.02, 0.001, 1), fraction('maximum', 0.2, 0.001, 1)],
    addParabolicSar,
  ),
  ofCandles('obv', 'on-balance volume', 'units', [], addObv),
  ofCandles(
    'accumulation-distribution',
    'volume added up, weighted by the place of the close in its bar',
    'units',
    [],
    addAccumulationDistribution,
  ),
  ofCandles('highest', 'highest high', 'price', [bars('period')], (to, { high }, period) =>
    addHighest(to, high, period),
  ),
  ofCandles('lowest', 'lowest low', 'price', [bars('period')], (to, { low }, period) =>
    addLowest(to, low, period),
  ),
  {
    name: 'macd',
    summary: 'moving average convergence/divergence of the close, its average, and what lies between them',
    parameters: [bars('fast', 12), bars('slow', 26), bars('signal', 9)],
    outputs: { '': 'price', signal: 'price', histogram: 'price' },
    fault: (fast, slow) => (fast < slow ? null : 'its fast period must be below the slow one'),
    add(to, { close }, fast, slow, smoothing) {
      const { line, signal, histogram } = addMacd(to, close, fast, slow, smoothing);
      return { '': line, signal, histogram };
    },
  },
  {
    name: 'bollinger',
    summary: 'average of the close, and bands of so many standard deviations to either side',
    parameters: [bars('period', 20), fraction('width', 2, 0.1, 10)],
    outputs: { middle: 'price', upper: 'price', lower: 'price' },
    add: (to, { close }, period, width) => addBollinger(to, close, period, width),
  },
  {
    name: 'adx',
    summary: 'average directional index, how strong the trend is, with both directions, 0 … 100',
    parameters: [bars('period', 14)],
    outputs: { '': 'score', 'plus-di': 'score', 'minus-di': 'score' },
    add(to, candles, period) {
      const { adx, plusDi, minusDi } = addAdx(to, candles, period);
      return { '': adx, 'plus-di': plusDi, 'minus-di': minusDi };
    },
  },
  {
    name: 'aroon',
    summary: 'how lately the high was highest, and the low lowest, 0 … 100',
    parameters: [bars('period', 14)],
    outputs: { up: 'score', down: 'score' },
    add: addAroon,
  },
  {
    name: 'stochastic',
    summary: 'place of the close in its range, smoothed, and the average of that, 0 … 100',
    parameters: [bars('period', 14), bars('smoothing', 3), bars('signal', 3)],
    outputs: { k: 'score', d: 'score' },
    add: addStochastic,
  },
  {
    name: 'stochastic-fast',
    summary: 'place of the close in its range, and the average of that, 0 … 100',
    parameters: [bars('period', 14), bars('signal', 3)],
    outputs: { k: 'score', d: 'score' },
    add: addStochasticFast,
  },
  {
    name: 'stochastic-rsi',
    summary: 'place of the relative strength index in its range, and the average of that, 0 … 100',
    parameters: [bars('strength', 14), bars('period', 14), bars('signal', 3)],
    outputs: { k: 'score', d: 'score' },
    add: (to, { close }, strength, period, signal) => addStochasticRsi(to, close, strength, period, signal),
  },
  {
    name: 'vwap',
    summary: 'volume-weighted average of the typical price, since the first bar and since midnight UTC',
    parameters: [],
    outputs: { '': 'price', session: 'price' },
    add(to, candles) {
      const { cumulative, session } = addVwap(to, candles);
      return { '': cumulative, session };
    },
  },
];
