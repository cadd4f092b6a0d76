// Every moon there is: one line each. A new moon is a file in this folder and a line here.
export { adxMoon } from './adx.ts';
export { atrMoon } from './atr.ts';
export { bollingerMoon } from './bollinger.ts';
export { emaMoon } from './ema.ts';
export { macdMoon } from './macd.ts';
export { regimeMoon } from './regime.ts';
export { rsiMoon } from './rsi.ts';
export { smaMoon } from './sma.ts';
export { swingLevelsMoon } from './swing-levels.ts';
export { volatilityMoon } from './volatility.ts';
export { volumeMoon } from './volume.ts';
export { volume24hMoon } from './volume-24h.ts';
