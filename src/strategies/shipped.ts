import type { Strategy } from '../engine/index.ts';
import { bollinger } from './bollinger.ts';
import { bracket } from './bracket.ts';
import { buyAndHold } from './buy-and-hold.ts';
import { donchian } from './donchian.ts';
import { macd } from './macd.ts';
import { momentum } from './momentum.ts';
import { rsiReversion } from './rsi-reversion.ts';
import { smaCross } from './sma-cross.ts';
import { trailing } from './trailing.ts';

/** By the name the command line takes. */
export const shippedStrategies: ReadonlyMap<string, Strategy> = new Map([
  ['sma-cross', smaCross],
  ['macd', macd],
  ['rsi-reversion', rsiReversion],
  ['bollinger', bollinger],
  ['donchian', donchian],
  ['momentum', momentum],
  ['buy-and-hold', buyAndHold],
  ['bracket', bracket],
  ['trailing', trailing],
]);
