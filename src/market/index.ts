// Candles from files and from the synthetic market. Adding a line here is a decision.
export { adjusted } from './adjusted.ts';
export type { LoadedCandles } from './candle-file.ts';
export { loadCandleFile } from './candle-file.ts';
export type { CandleProblem } from './candle-problems.ts';
export type { CandleStore, ImportedCandles, StoredCandles } from './candle-store.ts';
export { createCandleStore, mendDamaged } from './candle-store.ts';
export type { CandleCheck } from './check-candles.ts';
export { checkCandleFile } from './check-candles.ts';
export type { CandleSource, DataOption } from './data-option.ts';
export { parseCandleSource, parseDataOption, parseSymbol } from './data-option.ts';
export { loadFactorFile } from './factor-file.ts';
export { refuseForeignFactors } from './foreign-factors.ts';
export type { FundingRate } from './funding-file.ts';
export { loadFundingFile } from './funding-file.ts';
export {
  adx,
  atr,
  bollinger,
  ema,
  IndicatorSet,
  macd,
  rsi,
  sma,
  standardDeviation,
  trueRange,
} from './indicators/index.ts';
export { longHoles } from './long-holes.ts';
export { knownSpelling } from './symbol-spelling.ts';
export type { OrderBookTop } from './synthetic/order-book-top.ts';
export type { SyntheticMarket, SyntheticMarketOptions } from './synthetic-market.ts';
export { createSyntheticMarket } from './synthetic-market.ts';
export { unadjustedSplits } from './unadjusted-splits.ts';
