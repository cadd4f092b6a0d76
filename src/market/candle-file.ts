import { type CandleSeries, type EpochMs, type Instrument, OrreryError } from '../core/index.ts';
import { sha256Of } from './candle-bytes.ts';
import type { CandleFormat } from './candle-format.ts';
import { describeInstrument } from './candle-instrument.ts';
import type { FatalKind, RowFault } from './candle-rows.ts';
import type { DataOption } from './data-option.ts';
import { openCandles } from './open-candles.ts';

export interface LoadedCandles {
  readonly instrument: Instrument;
  readonly series: CandleSeries;
  /** Absolute. */
  readonly file: string;
  readonly format: CandleFormat;
  /** Of the whole file, whatever part of it is in the series. */
  readonly sha256: string;
}

const hints: Readonly<Record<FatalKind, string>> = {
  unparsable: 'Complete or remove the row.',
  'not-increasing': 'Sort the rows oldest first, each time once.',
  duplicate: 'Keep one row for each time.',
  'not-a-number':
    'Write plain decimals with a point, no thousands separators and no empty fields; prices from 1e-18 to 1e18.',
  'high-below-low': 'Check the order of the columns, or correct the row.',
  negative: 'Correct or remove the row.',
};

/**
 * Reads the candles of one file; `limits.to` is exclusive and compares with the open, and what stands in rows from
 * there on makes no difference to the series, which can then be empty. Without a volume column the volume is 0.
 *
 * @throws OrreryError `file-not-found`, `file-unreadable`; `candles-unrecognised` when this is no file
 * of candles in its format; `candles-invalid` for a file without two rows, and for the first row that cannot be used, with
 * its line.
 */
export async function loadCandleFile(
  option: DataOption,
  limits: { readonly to?: EpochMs } = {},
): Promise<LoadedCandles> {
  const candles = await openCandles(option);
  const to = limits.to ?? Number.POSITIVE_INFINITY;
  const rows = candles.readRows({ to }, (fault) => {
    throw refuseRow(option.file, fault);
  });
  const { intervalMs, file, format, bytes } = candles;
  if (intervalMs === null) throw refuseSingleRow(option.file);
  const { length, openTime, open, high, low, close, volume } = rows;
  const { symbol } = option;
  return {
    instrument: describeInstrument(symbol, intervalMs, candles),
    series: { symbol, intervalMs, length, openTime, open, high, low, close, volume },
    file,
    format,
    sha256: sha256Of(bytes),
  };
}

/** The interval is the distance of rows. */
export function refuseSingleRow(file: string): OrreryError {
  return new OrreryError(
    'candles-invalid',
    `${file} has only one time: the bars' interval cannot be measured`,
    {
      hint: 'Give it at least two rows.',
    },
  );
}

function refuseRow(file: string, { kind, line, detail }: RowFault): OrreryError {
  return new OrreryError('candles-invalid', `${file}, line ${line}: ${detail}`, {
    hint: `${hints[kind]} \`orrery data check\` lists all such rows.`,
  });
}
