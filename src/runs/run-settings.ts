import type { EpochMs, Timeframe } from '../core/index.ts';
import type { LlmSettings, UsableProfile } from '../llm/index.ts';

/** A file of candles as a run was told of it. */
export interface FileData {
  readonly symbol: string;
  /** Absolute. */
  readonly file: string;
  readonly format: string | null;
}

/** A synthetic market, by what generates it beside the run's seed. */
export interface SyntheticData {
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  readonly bars: number;
  readonly start: EpochMs;
}

export type MarketData =
  | { readonly kind: 'files'; readonly files: readonly FileData[] }
  | { readonly kind: 'synthetic'; readonly market: SyntheticData };

/** Which market, and which stretch of it. */
export interface MarketRequest {
  readonly data: MarketData;
  /** Inclusive and exclusive, on the bars' opens. */
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly seed: number;
}

/**
 * Everything a run depends on, kept with it: a resumed or replayed run reads nothing else but the data files, and
 * those only after their hash was compared. Holds no secret.
 */
export interface RunSettings extends MarketRequest {
  /** Of the program. */
  readonly version: string;
  readonly desk: { readonly name: string; readonly text: string };
  readonly prompts: { readonly [fileName: string]: string };
  /** SHA-256 by symbol: of a file's bytes, or of the generated columns. */
  readonly hashes: { readonly [symbol: string]: string };
  readonly record: boolean;
  readonly llm: LlmSettings;
  /** Every profile the desk names, resolved when the run began; null where nothing was configured. */
  readonly profiles: { readonly [name: string]: UsableProfile | null };
  readonly replayOf: string | null;
}
