import { OrreryError } from '../core/index.ts';
import type { Market } from '../engine/index.ts';
import { knownSpelling } from '../market/index.ts';

/** A file that belongs to an instrument, as it was asked for; the symbol may be left out when there is one instrument. */
export interface SymbolFile {
  readonly symbol: string | null;
  /** Absolute. */
  readonly file: string;
}

/**
 * Reads what belongs to the instruments of a test, by symbol.
 * @param option as typed, e.g. `--factors`
 * @throws OrreryError `usage-invalid` for a file of no instrument, or a second of one; what `load` throws
 */
export async function loadBySymbol<Content>(
  option: string,
  files: readonly SymbolFile[],
  markets: readonly Market[],
  load: (file: string) => Promise<Content>,
): Promise<ReadonlyMap<string, Content>> {
  const known = markets.map(({ instrument }) => instrument.symbol);
  const loaded = new Map<string, Content>();
  for (const { symbol: given, file } of files) {
    const only = known.length === 1 ? known[0]! : null;
    const symbol = given === null ? only : knownSpelling(given, known);
    const refusal =
      symbol === null
        ? 'which instrument is it of?'
        : !known.includes(symbol)
          ? `there are no candles of ${symbol}`
          : loaded.has(symbol)
            ? `a file is given for ${symbol} already`
            : null;
    if (symbol === null || refusal !== null) {
      throw new OrreryError('usage-invalid', `${option} ${file}: ${refusal}`, {
        hint: `Write ${option} SYMBOL=FILE, with the symbol of one of the files of candles.`,
      });
    }
    loaded.set(symbol, await load(file));
  }
  return loaded;
}
