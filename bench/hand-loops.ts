// Indicators as one would write them by hand for one series: bare loops, no warm-up marks, no care for rounding.
import type { CandleSeries } from '../src/core/index.ts';

type Loop = (series: CandleSeries) => readonly Float64Array[];

function smaLoop({ close, length }: CandleSeries) {
  const out = new Float64Array(length);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum += close[i]!;
    if (i >= 20) sum -= close[i - 20]!;
    if (i >= 19) out[i] = sum / 20;
  }
  return [out];
}

function emaLoop({ close, length }: CandleSeries) {
  const out = new Float64Array(length);
  let current = 0;
  for (let i = 0; i < 20; i++) current += close[i]! / 20;
  out[19] = current;
  for (let i = 20; i < length; i++) {
    current += (close[i]! - current) * (2 / 21);
    out[i] = current;
  }
  return [out];
}

function rsiLoop({ close, length }: CandleSeries) {
  const out = new Float64Array(length);
  let gain = 0;
  let loss = 0;
  for (let i = 1; i < length; i++) {
    const move = close[i]! - close[i - 1]!;
    const up = Math.max(move, 0);
    const down = Math.max(-move, 0);
    if (i <= 14) {
      gain += up / 14;
      loss += down / 14;
    } else {
      gain = (gain * 13 + up) / 14;
      loss = (loss * 13 + down) / 14;
    }
    if (i >= 14) out[i] = (100 * gain) / (gain + loss);
  }
  return [out];
}

function macdLoop({ close, length }: CandleSeries) {
  const [line, smoothed, histogram] = [
    new Float64Array(length),
    new Float64Array(length),
    new Float64Array(length),
  ];
  let fast = 0;
  let slow = 0;
  let signal = 0;
  for (let i = 0; i < 26; i++) {
    slow += close[i]! / 26;
    if (i >= 14) fast += close[i]! / 12;
  }
  for (let i = 26; i < length; i++) {
    fast += (close[i]! - fast) * (2 / 13);
    slow += (close[i]! - slow) * (2 / 27);
    const difference = fast - slow;
    signal += (difference - signal) * (2 / 10);
    line[i] = difference;
    smoothed[i] = signal;
    histogram[i] = difference - signal;
  }
  return [line, smoothed, histogram];
}

function bollingerLoop({ close, length }: CandleSeries) {
  const [upper, middle, lower] = [
    new Float64Array(length),
    new Float64Array(length),
    new Float64Array(length),
  ];
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const value = close[i]!;
    sum += value;
    squares += value * value;
    if (i >= 20) {
      const gone = close[i - 20]!;
      sum -= gone;
      squares -= gone * gone;
    }
    if (i < 19) continue;
    const mean = sum / 20;
    const distance = 2 * Math.sqrt(Math.max(0, squares / 20 - mean * mean));
    upper[i] = mean + distance;
    middle[i] = mean;
    lower[i] = mean - distance;
  }
  return [upper, middle, lower];
}

function atrLoop({ high, low, close, length }: CandleSeries) {
  const out = new Float64Array(length);
  let current = 0;
  for (let i = 1; i < length; i++) {
    const before = close[i - 1]!;
    const range = Math.max(high[i]! - low[i]!, Math.abs(high[i]! - before), Math.abs(before - low[i]!));
    current = i <= 14 ? current + range / 14 : (current * 13 + range) / 14;
    if (i >= 14) out[i] = current;
  }
  return [out];
}

function adxLoop({ high, low, close, length }: CandleSeries) {
  const [out, plusOut, minusOut] = [
    new Float64Array(length),
    new Float64Array(length),
    new Float64Array(length),
  ];
  let plus = 0;
  let minus = 0;
  let range = 0;
  let index = 0;
  for (let i = 1; i < length; i++) {
    const before = close[i - 1]!;
    const up = high[i]! - high[i - 1]!;
    const down = low[i - 1]! - low[i]!;
    const keep = i < 14 ? 1 : 13 / 14;
    plus = plus * keep + (up > down && up > 0 ? up : 0);
    minus = minus * keep + (down > up && down > 0 ? down : 0);
    range =
      range * keep + Math.max(high[i]! - low[i]!, Math.abs(high[i]! - before), Math.abs(before - low[i]!));
    if (i < 14) continue;
    const plusDi = (100 * plus) / range;
    const minusDi = (100 * minus) / range;
    plusOut[i] = plusDi;
    minusOut[i] = minusDi;
    const directional = (100 * Math.abs(plusDi - minusDi)) / (plusDi + minusDi);
    index = i <= 27 ? index + directional / 14 : (index * 13 + directional) / 14;
    if (i >= 27) out[i] = index;
  }
  return [out, plusOut, minusOut];
}

function stochasticLoop({ high, low, close, length }: CandleSeries) {
  const [place, k, d] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  for (let i = 13; i < length; i++) {
    let highest = high[i]!;
    let lowest = low[i]!;
    for (let bar = i - 13; bar < i; bar++) {
      if (high[bar]! > highest) highest = high[bar]!;
      if (low[bar]! < lowest) lowest = low[bar]!;
    }
    place[i] = (100 * (close[i]! - lowest)) / (highest - lowest);
    k[i] = (place[i]! + place[i - 1]! + place[i - 2]!) / 3;
    d[i] = (k[i]! + k[i - 1]! + k[i - 2]!) / 3;
  }
  return [k, d];
}

function obvLoop({ close, volume, length }: CandleSeries) {
  const out = new Float64Array(length);
  let current = volume[0]!;
  out[0] = current;
  for (let i = 1; i < length; i++) {
    if (close[i]! > close[i - 1]!) current += volume[i]!;
    else if (close[i]! < close[i - 1]!) current -= volume[i]!;
    out[i] = current;
  }
  return [out];
}

/** By the name of the indicator they compute. */
export const handLoops: Readonly<Record<string, Loop>> = {
  'sma-20': smaLoop,
  'ema-20': emaLoop,
  'rsi-14': rsiLoop,
  macd: macdLoop,
  'bollinger-20': bollingerLoop,
  'atr-14': atrLoop,
  'adx-14': adxLoop,
  stochastic: stochasticLoop,
  obv: obvLoop,
};
