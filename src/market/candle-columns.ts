import { OrreryError } from '../core/index.ts';

const priceFields = ['open', 'high', 'low', 'close'] as const;
export type CandleField = 'time' | (typeof priceFields)[number] | 'volume';
const timeNames = ['opentime', 'timestamp', 'datetime', 'date', 'time'] as const;

/** Field to its place among a file's columns, from 0; volume is null when there is no such column. */
export type ColumnPlaces = Readonly<Record<Exclude<CandleField, 'volume'>, number>> & {
  readonly volume: number | null;
};

/** Field to the name its column has in the file, empty for an unnamed time; null for a column that is not there. */
export type ColumnNames = Readonly<Record<CandleField, string | null>>;

export interface NamedColumns {
  readonly columns: ColumnPlaces;
  readonly names: ColumnNames;
}

export interface NamedColumn {
  readonly column: number;
  readonly name: string;
}

/** What a person should know whose file has other names. */
export const namesWanted =
  'A candle file names its columns: a time, open, high, low, close and volume, in any order.';

/**
 * Finds the columns of candles among the `names` at `where` in a file. `otherTime` is asked when none of them is a time.
 *
 * @throws OrreryError `candles-unrecognised` when one is absent or there twice.
 */
export function matchColumns(
  where: string,
  names: readonly string[],
  otherTime: () => NamedColumn | null = () => null,
): NamedColumns {
  const absent = missingPrices(names);
  if (absent.length > 0) throw refuseAbsent(where, absent);
  const [open, high, low, close] = priceFields.map((field) => onlyColumn(where, names, field));
  const volume = names.some((name) => plainName(name) === 'volume')
    ? onlyColumn(where, names, 'volume')
    : null;
  const time = findTime(names) ?? otherTime();
  if (time === null) {
    throw new OrreryError('candles-unrecognised', `${where}: no column holds the time`, {
      hint: 'Name it open_time, timestamp, datetime, date or time, or leave the name of the first column empty.',
    });
  }
  return {
    columns: { time: time.column, open: open!, high: high!, low: low!, close: close!, volume },
    names: {
      time: time.name,
      open: names[open!]!,
      high: names[high!]!,
      low: names[low!]!,
      close: names[close!]!,
      volume: volume === null ? null : names[volume]!,
    },
  };
}

export function isPrice(name: string): boolean {
  return priceFields.some((field) => field === plainName(name));
}

/** The price fields that no column is named after. */
export function missingPrices(names: readonly string[]): readonly string[] {
  const known = new Set(names.map(plainName));
  return priceFields.filter((field) => !known.has(field));
}

export function refuseAbsent(where: string, absent: readonly string[]): OrreryError {
  const message = `${where}: no column is named ${absent.join(' or ')}`;
  return new OrreryError('candles-unrecognised', message, { hint: namesWanted });
}

/** The preferred time column of one header row. pandas writes `Unnamed: 0` for an index without a name. */
export function findTime(names: readonly string[]): NamedColumn | null {
  for (const wanted of timeNames) {
    const column = names.findIndex((name) => plainName(name) === wanted);
    if (column >= 0) return { column, name: names[column]! };
  }
  const first = names[0];
  return first === '' || (first !== undefined && plainName(first) === 'unnamed:0')
    ? { column: 0, name: first }
    : null;
}

function onlyColumn(where: string, names: readonly string[], field: string): number {
  const found = names.flatMap((name, column) => (plainName(name) === field ? [column] : []));
  if (found.length === 1) return found[0]!;
  throw new OrreryError('candles-unrecognised', `${where}: ${found.length} columns are named ${field}`, {
    hint: 'Keep one instrument in a file, and one column of each name.',
  });
}

/** `Open Time`, `open_time` and `openTime` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}
