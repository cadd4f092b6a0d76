import { nearestWord, OrreryError } from '../core/index.ts';

/** The ways of writing candles that can be read, as they stand behind the `@`. */
export const candleFormats = ['csv', 'lean-equity', 'lean-crypto', 'binance', 'parquet', 'jsonl'] as const;
export type CandleFormat = (typeof candleFormats)[number];

/**
 * The format that was named, else the one the file shows: `PAR1` or the ending begins Parquet, a brace or the ending
 * JSON lines, and anything else is taken for CSV. Files without a header look alike and must be named.
 *
 * @throws OrreryError `candles-unrecognised` when there is no format of that name.
 */
export function formatOf(file: string, named: string | null, bytes: Buffer): CandleFormat {
  if (named !== null) return readFormat(file, named);
  if (bytes.toString('latin1', 0, 4) === 'PAR1' || /\.parquet$/i.test(file)) return 'parquet';
  if (
    /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(bytes.toString('latin1', 0, 64)) ||
    /\.(?:jsonl|ndjson)$/i.test(file)
  )
    return 'jsonl';
  return 'csv';
}

function readFormat(file: string, named: string): CandleFormat {
  const found = candleFormats.find((format) => format === named);
  if (found !== undefined) return found;
  const nearest = nearestWord(named, candleFormats);
  const guess = nearest === null ? '' : `; did you mean "${nearest}"?`;
  throw new OrreryError(
    'candles-unrecognised',
    `${file}: there is no format ${JSON.stringify(named)}${guess}`,
    {
      hint: `Formats: ${candleFormats.join(', ')}. Without one, CSV, Parquet and JSON lines are recognised.`,
    },
  );
}
