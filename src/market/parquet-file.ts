import type { DuckDBConnection } from '@duckdb/node-api';
import { OrreryError } from '../core/index.ts';
import { type CandleField, type ColumnNames, matchColumns } from './candle-columns.ts';
import { complaintOf, identifier, withDuckDb } from './duckdb.ts';

type Prices = Readonly<Record<Exclude<CandleField, 'time'>, Float64Array>>;

/** The time column by its type: numbers as they stand, timestamps in ms since 1970, or texts. */
export type ParquetTimes =
  | { readonly kind: 'numbers' | 'timestamps'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly string[] };

/** The candles of a Parquet file as columns, unchecked. NaN where a field is null or no number. */
export interface ParquetColumns {
  readonly names: ColumnNames;
  readonly length: number;
  readonly times: ParquetTimes;
  readonly prices: Prices;
  /** What was written beside the columns under `orrery`; null in files of others. */
  readonly note: string | null;
}

const fields = ['open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Reads the columns of candles, each in one piece and no row as an object. `file` is absolute.
 * @throws OrreryError `candles-unrecognised` when it is no Parquet file, or lacks a column
 */
export async function readParquetColumns(file: string, shown: string): Promise<ParquetColumns> {
  return withDuckDb((connection) => reading(shown, () => readColumns(connection, file, shown)));
}

/** The note of each file, see {@link ParquetColumns}; of one that cannot be read, why. */
export async function readParquetNotes(
  files: readonly string[],
): Promise<readonly (string | null | OrreryError)[]> {
  return withDuckDb(async (connection) => {
    const notes: (string | null | OrreryError)[] = [];
    for (const file of files) {
      notes.push(
        await reading(file, () => readNoteOf(connection, file)).catch((refused: OrreryError) => refused),
      );
    }
    return notes;
  });
}

async function reading<Result>(shown: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof OrreryError) throw thrown;
    const message = `${shown} cannot be read as Parquet: ${complaintOf(thrown)}`;
    throw new OrreryError('candles-unrecognised', message, {
      hint: 'Check that the download was complete, and that prices are numbers.',
      cause: thrown,
    });
  }
}

async function readNoteOf(connection: DuckDBConnection, file: string): Promise<string | null> {
  const sql = "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'orrery'";
  const note = (await connection.runAndReadAll(sql, [file])).getRows()[0]?.[0];
  return typeof note === 'string' ? note : null;
}

/** Bracketed or starred names are taken as they are, and folders named `x=1` add no columns. */
const table = 'read_parquet(?, hive_partitioning = false)';

async function readColumns(
  connection: DuckDBConnection,
  file: string,
  shown: string,
): Promise<ParquetColumns> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`, [file]);
  const schema = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  const { columns, names } = matchColumns(
    shown,
    schema.map(({ name }) => name),
  );
  const time = schema[columns.time]!;
  const kind = kindOfTime(time.type);
  const selected = [
    selectTime(identifier(time.name), kind),
    ...fields.map((field) => {
      const column = columns[field];
      return column === null ? '0::DOUBLE' : selectNumber(identifier(schema[column]!.name));
    }),
  ];
  const counted = await connection.runAndReadAll(`SELECT CAST(count(*) AS DOUBLE) FROM ${table}`, [file]);
  const length = Number(counted.getRows()[0]?.[0]);
  const found = await fill(connection, `SELECT ${selected.join(', ')} FROM ${table}`, file, length);
  const [times, open, high, low, close, volume] = found.numbers;
  return {
    names,
    length,
    times: kind === 'texts' ? { kind, values: found.texts } : { kind, values: times! },
    prices: { open: open!, high: high!, low: low!, close: close!, volume: volume! },
    note: await readNoteOf(connection, file),
  };
}

/** Streams the result, whose rows come in the order of the file, into columns of their final size. */
async function fill(connection: DuckDBConnection, sql: string, file: string, length: number) {
  const numbers = Array.from({ length: 1 + fields.length }, () => new Float64Array(length));
  const texts: string[] = [];
  const result = await connection.stream(sql, [file]);
  let row = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return { numbers, texts };
    const { rowCount } = chunk;
    for (const [place, column] of numbers.entries()) {
      const vector = chunk.getColumnVector(place);
      for (let item = 0; item < rowCount; item++) {
        const value = vector.getItem(item);
        if (typeof value === 'number') column[row + item] = value;
        else texts.push(String(value));
      }
    }
    row += rowCount;
  }
}

function kindOfTime(type: string): ParquetTimes['kind'] {
  if (/^(?:TIMESTAMP|DATE)/.test(type)) return 'timestamps';
  return type === 'VARCHAR' ? 'texts' : 'numbers';
}

function selectTime(column: string, kind: ParquetTimes['kind']): string {
  if (kind === 'texts') return `COALESCE(${column}, '')`;
  return selectNumber(kind === 'timestamps' ? `epoch_ms(${column})` : column);
}

/** Texts that are no number, and nulls, become NaN, which the checks of every format then find. */
function selectNumber(expression: string): string {
  return `COALESCE(TRY_CAST(${expression} AS DOUBLE), 'NaN'::DOUBLE)`;
}
