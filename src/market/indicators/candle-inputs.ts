import type { CandleSeries } from '../../core/index.ts';
import type { Column } from './computation.ts';

type CandleColumnName = 'openTime' | 'high' | 'low' | 'close' | 'volume';

/**
 * Where candles come from: a series, or something that grows as they arrive. The columns are read anew for each
 * stretch of bars, so a source that runs out of room may replace them by longer ones with the same beginning.
 */
export type CandleArrays = Pick<CandleSeries, CandleColumnName>;

export type CandleInputs = { readonly [name in CandleColumnName]: Column };

/** What indicators of the price alone need. */
export type PriceInputs = Pick<CandleInputs, 'high' | 'low' | 'close'>;

export function candleInputs(source: CandleArrays): CandleInputs {
  const column = (name: CandleColumnName): Column => ({
    get values() {
      return source[name];
    },
    first: 0,
  });
  return {
    openTime: column('openTime'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}
