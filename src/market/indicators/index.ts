// Indicators as loops over columns: value i depends on bars 0 … i only, and is NaN until it is known.
// Conventions (seeds, first index, deviation, flat prices) are TA-Lib's. Adding a line here is a decision.
export { adx } from './adx.ts';
export { atr } from './atr.ts';
export { bollinger } from './bollinger.ts';
export type { CandleArrays } from './candle-inputs.ts';
export { ema } from './ema.ts';
export { indicatorFamilies } from './indicator-families.ts';
export { indicatorUsage, parseIndicatorName } from './indicator-name.ts';
export { IndicatorSet } from './indicator-set.ts';
export { macd } from './macd.ts';
export { rsi } from './rsi.ts';
export { sma } from './sma.ts';
export { standardDeviation } from './standard-deviation.ts';
export { trueRange } from './true-range.ts';
