import { isTime } from '../core/index.ts';
import type { ColumnWords } from './altered-rows.ts';
import { decisionWords } from './decision-store.ts';
import { layouts, type MovedRow, type MovedTable, movedTables } from './moved-rows.ts';
import { isMovedAmount, isStorable } from './moved-rows-values.ts';
import { recordsPerBlock } from './packed-details.ts';
import { checkDetails } from './packed-details-check.ts';
import { fillWords, orderWords, tradeWords } from './trading-store.ts';

/** Checks rows that may be anybody's, in the order they were read. Remembers of them no more than what lies in blocks. */
export interface MovedRowsCheck {
  /** Resolves to how many bytes were unpacked, of a detail at most `mostBytes`. @throws Error for a row that no run has */
  add(table: MovedTable, row: unknown, mostBytes: number): Promise<number>;
  /** After the last. @throws Error when decisions lack their details */
  close(): void;
}

/** `run` is what the rows' own ids begin with. */
export function createMovedRowsCheck(run: string): MovedRowsCheck {
  /** Of blocks whose details are to come: how many records they must have. */
  const expected = new Map<number, number>();
  let last: { readonly table: MovedTable; readonly row: MovedRow['row'] } | null = null;
  let lastNumber = 0;

  const follow = (table: MovedTable, row: MovedRow['row']): void => {
    if (last?.table === table && !isInOrder(table, last.row, row)) {
      throw new RangeError(`it is out of order, or there twice`);
    }
    last = { table, row };
  };
  const addDecision = (row: MovedRow['row']): void => {
    const number = Number(row['number']);
    if (number > lastNumber + mostSkipped) throw new RangeError('number leaves out too many');
    lastNumber = number;
    const block = Number(row['block']);
    expected.set(block, Math.max(expected.get(block) ?? 0, Number(row['position']) + 1));
  };
  const addDetail = async (row: MovedRow['row'], mostBytes: number): Promise<number> => {
    const block = Number(row['block']);
    const packed = bytesOfBase64(String(row['packed']));
    const { records, bytes } = await checkDetails(packed, { run, mostBytes });
    if (records < (expected.get(block) ?? 0)) throw new RangeError('packed lacks records');
    expected.delete(block);
    return bytes;
  };
  return {
    async add(table, value, mostBytes) {
      const row = checkColumns(table, value);
      follow(table, row);
      if (table === 'decision') addDecision(row);
      return table === 'detail' ? addDetail(row, mostBytes) : 0;
    },
    close() {
      const [block] = expected.keys();
      if (block !== undefined) throw new RangeError(`the details of block ${block} are missing`);
    },
  };
}

/** Records are read by stretches of their numbers, so a gap costs time. A run of ours leaves out none. */
const mostSkipped = 1_000;

/** @throws RangeError for what is no base64, or not as it would be written */
export function bytesOfBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new RangeError('its bytes are not base64');
  return bytes;
}

/** Orders, fills and trades have only their sequence; the database sees to orders that are there twice. */
function isInOrder(table: MovedTable, before: MovedRow['row'], row: MovedRow['row']): boolean {
  const comparison = orderings[table]?.(before, row);
  return comparison === undefined || comparison < 0;
}

type Ordering = (a: MovedRow['row'], b: MovedRow['row']) => number;

const byNumber =
  (column: string): Ordering =>
  (a, b) =>
    Number(a[column]) - Number(b[column]);
/** As `collate "C"` orders. */
const byBytes =
  (column: string): Ordering =>
  (a, b) =>
    Buffer.compare(Buffer.from(String(a[column])), Buffer.from(String(b[column])));

const orderings: { readonly [table in MovedTable]?: Ordering } = {
  decision: (a, b) => byNumber('number')(a, b) || byBytes('suffix')(a, b),
  detail: byNumber('block'),
  refusal: byBytes('order_id'),
  equity: byNumber('at'),
};

/** Of columns that are in an index, whose entries have a bound. */
const mostIdLetters = 500;
const mostInt = 2 ** 31 - 1;

type Check = (value: unknown) => boolean;

const isMoment: Check = (value) => typeof value === 'number' && isTime(value);
const isId: Check = (value) => isStorable(value) && value.length <= mostIdLetters;
const isIntUpTo =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const ofType: { readonly [type: string]: Check } = {
  int4: isIntUpTo(1, mostInt),
  float8: isMovedAmount,
  text: isStorable,
  bytea: (value) => typeof value === 'string',
};

/** Beyond what the columns' types say. */
const ofColumn: { readonly [column: string]: Check } = {
  at: isMoment,
  opened_at: isMoment,
  closed_at: isMoment,
  position: isIntUpTo(0, recordsPerBlock - 1),
  suffix: isId,
  id: isId,
  order_id: isId,
  decision: isId,
  opened_by: isId,
  closed_by: isId,
  instrument: isId,
  agent: isId,
  size: orNull(isMovedAmount),
  stop: orNull(isMovedAmount),
  limit_price: orNull(isMovedAmount),
};

const wordsOf: { readonly [table in MovedTable]?: ColumnWords<Record<string, unknown>> } = {
  decision: decisionWords,
  order: orderWords,
  fill: fillWords,
  trade: tradeWords,
};

const checks = new Map(
  movedTables.map((table): [MovedTable, ReadonlyMap<string, Check>] => [table, new Map(columnChecks(table))]),
);

function columnChecks(table: MovedTable): readonly (readonly [string, Check])[] {
  return layouts[table].columns.split(',').map((column) => {
    const [name = '', type = ''] = column.trim().split(' ');
    const known: { readonly [word: string]: true } | undefined = wordsOf[table]?.[name];
    if (known !== undefined)
      return [name, (value) => typeof value === 'string' && Object.hasOwn(known, value)];
    if (table === 'order' && name === 'reason') return [name, orNull(isStorable)];
    return [name, ofColumn[name] ?? ofType[type]!];
  });
}

function checkColumns(table: MovedTable, value: unknown): MovedRow['row'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RangeError(`it is no row`);
  }
  const row = value as MovedRow['row'];
  const columns = checks.get(table)!;
  for (const [name, check] of columns) {
    if (!Object.hasOwn(row, name)) throw new RangeError(`${name} is missing`);
    if (!check(row[name])) throw new RangeError(`${name} is nothing a run has`);
  }
  if (Object.keys(row).length !== columns.size) throw new RangeError('it has a column too many');
  return row;
}
