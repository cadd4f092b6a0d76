import { type Instrument, timeframeOf } from '../core/index.ts';
import type { OpenCandles } from './open-candles.ts';

/** `USD` behind one of these makes a crypto pair; behind anything else it may be a share or a currency. */
const coins = new Set(
  (
    'AAVE ADA ALGO APE APT ARB ATOM AVAX AXS BCH BNB BONK BSV BTC CRO CRV DAI DASH DOGE DOT ENS EOS ETC ETH FIL FLOKI FTM GRT ' +
    'HBAR ICP IMX INJ JUP KAS LDO LINK LTC LUNA MANA MATIC MKR NEAR NEO ONDO OP PEPE POL QNT RENDER RNDR SAND SEI SHIB SOL ' +
    'STX SUI SUSHI TAO TIA TON TRX UNI USDC USDT VET WBTC WIF WLD XBT XLM XMR XRP XTZ YFI ZEC'
  ).split(' '),
);

/** Coin and quote currency of a crypto pair (`BTCUSDT`, `eth-usd`); null when the symbol is not one. */
export function cryptoPair(symbol: string): { readonly coin: string; readonly currency: string } | null {
  const match = /^(.*?)[-:.]?(USDT|USDC|USD)$/.exec(symbol.toUpperCase());
  if (!match) return null;
  const [, coin = '', currency = ''] = match;
  return currency !== 'USD' || coins.has(coin) ? { coin, currency } : null;
}

/**
 * What can be told from a symbol and the bars' calendar: crypto when the symbol is a pair or when there are weekend
 * bars, else equity, unless the format is one of either kind. Whether share prices are adjusted cannot be seen in them,
 * and only some formats tell; coins have no splits or dividends.
 */
export function describeInstrument(
  symbol: string,
  intervalMs: number,
  { weekendBars, told }: Pick<OpenCandles, 'weekendBars' | 'told'>,
): Instrument {
  const pair = cryptoPair(symbol);
  const assetClass = told.assetClass ?? (pair !== null || weekendBars ? 'crypto' : 'equity');
  return {
    symbol,
    assetClass,
    currency: pair?.currency ?? 'USD',
    timeframe: timeframeOf(intervalMs),
    adjusted: told.adjusted ?? (assetClass === 'crypto' ? false : null),
  };
}
