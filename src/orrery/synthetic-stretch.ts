import { type EpochMs, OrreryError, timeframeMs } from '../core/index.ts';
import type { DeskSpec } from '../desk/index.ts';
import type { MarketData, SyntheticData } from '../runs/index.ts';

/** Bars of a synthetic market, the first of which only warm the moons up. */
const syntheticStretch = { warmUpBars: 250, bars: 1_000, start: Date.UTC(2024, 0, 1) } as const;

/** What a desk is run on when nothing else was given. @throws OrreryError `usage-invalid` for one that needs candles */
export function syntheticData(spec: DeskSpec): MarketData {
  const foreign = spec.instruments.find((symbol) => !symbol.startsWith('SYN-'));
  if (foreign !== undefined) {
    throw new OrreryError(
      'usage-invalid',
      `the desk ${spec.name} trades ${foreign}, and no candles were given for it`,
      {
        hint: `Add --data ${foreign}=FILE. Only instruments named SYN-… have a synthetic market.`,
      },
    );
  }
  const { warmUpBars, bars, start } = syntheticStretch;
  const { instruments: symbols, timeframe } = spec;
  return { kind: 'synthetic', market: { symbols, timeframe, bars: warmUpBars + bars, start } };
}

export function firstWarmBar({ start, timeframe }: SyntheticData): EpochMs {
  return start + syntheticStretch.warmUpBars * timeframeMs(timeframe);
}
