import { createHash } from 'node:crypto';
import type { CandleSeries } from '../../core/index.ts';
import type { Moon, MoonResult, MoonUnit } from './moon.ts';

/** One value of a moon at one bar. */
export interface Reading {
  /** The moon's name for its main value, else with the line's suffix: `macd`, `macd.signal`. */
  readonly name: string;
  /** Null while warming up, or where there is no such number. */
  readonly value: number | null;
  /** `price` is to be replaced by the quote currency. */
  readonly unit: MoonUnit;
  /** Only a moon's main value carries its flag, so that each event is told once. */
  readonly critical: boolean;
}

interface MoonReader {
  /** All values of a moon over a series. Shared with later callers, so never written to. */
  read(series: CandleSeries, moon: Moon): MoonResult;
  /**
   * The moons' values at bar `index`, in the order of `moons` and of their lines.
   *
   * @throws RangeError when the series has no such bar.
   */
  readings(series: CandleSeries, index: number, moons: readonly Moon[]): Reading[];
}

type Results = Map<string, MoonResult>;

/** Contents whose results outlive their series. Results of a series that is still in use are kept in any case. */
const rememberedContents = 16;

/**
 * Computes each moon once for the same candles, even if they were loaded twice: results are kept by the SHA-256 of
 * the columns and by the moon's name.
 */
export function createMoonReader(): MoonReader {
  const bySeries = new WeakMap<CandleSeries, Results>();
  const byContent = new Map<string, Results>();

  function resultsOf(series: CandleSeries): Results {
    let results = bySeries.get(series);
    if (results) return results;
    const content = fingerprint(series);
    results = byContent.get(content) ?? new Map();
    byContent.delete(content);
    byContent.set(content, results);
    if (byContent.size > rememberedContents) byContent.delete(byContent.keys().next().value!);
    bySeries.set(series, results);
    return results;
  }

  function read(series: CandleSeries, moon: Moon): MoonResult {
    const results = resultsOf(series);
    let result = results.get(moon.name);
    if (!result) {
      result = moon.compute(series);
      results.set(moon.name, result);
    }
    return result;
  }

  return {
    read,
    readings(series, index, moons) {
      if (!Number.isInteger(index) || index < 0 || index >= series.length) {
        throw new RangeError(`bar ${index} is not among the ${series.length} of ${series.symbol}`);
      }
      return moons.flatMap((moon) => readingsAt(moon, read(series, moon), index));
    },
  };
}

function readingsAt(moon: Moon, { lines, critical }: MoonResult, index: number): Reading[] {
  return lines.map(({ suffix, unit, values }) => {
    const value = values[index]!;
    return {
      name: suffix === '' ? moon.name : `${moon.name}.${suffix}`,
      value: Number.isFinite(value) ? value : null,
      unit,
      critical: suffix === '' && critical?.[index] === 1,
    };
  });
}

function fingerprint(series: CandleSeries): string {
  const hash = createHash('sha256').update(`${series.intervalMs} ${series.length}\n`);
  const { openTime, open, high, low, close, volume } = series;
  for (const { buffer, byteOffset, byteLength } of [openTime, open, high, low, close, volume]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
