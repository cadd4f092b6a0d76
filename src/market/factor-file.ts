import { type CorporateAction, dayMs, type EpochMs, OrreryError } from '../core/index.ts';
import { readCandleBytes } from './candle-bytes.ts';

/** Factors are rounded to seven decimals at least. */
const rounding = 5e-8;

interface FactorRow {
  readonly line: number;
  /** 00:00 UTC of the last trading day of these factors. */
  readonly date: EpochMs;
  readonly priceFactor: number;
  readonly splitFactor: number;
  /** Raw close of that day. */
  readonly reference: number;
}

/** What a symbol traded at on the last day before an action, as the file has it. */
export interface ReferencePrice {
  readonly line: number;
  /** 00:00 UTC of that day. */
  readonly date: EpochMs;
  /** Raw. */
  readonly price: number;
}

export interface FactorFile {
  readonly file: string;
  /** Oldest first. */
  readonly actions: readonly CorporateAction[];
  readonly references: readonly ReferencePrice[];
}

/**
 * Reads the splits and cash dividends out of a LEAN factor file.
 *
 * @throws OrreryError `file-not-found`, `file-unreadable`, `candles-invalid` with the line
 */
export async function loadFactorFile(file: string): Promise<FactorFile> {
  const { bytes } = await readCandleBytes(file);
  return parseFactors(bytes.toString('utf8'), file);
}

/**
 * Rows `YYYYMMDD,price factor,split factor,reference price`, each good up to and including its date. Between a row and
 * the next, as LEAN's `CorporateFactorRow.GetSplit` and `GetDividend` have it, on the next trading day:
 *
 * - split: new units for one = split factor of the next row / split factor of this row;
 * - dividend: amount = reference price × (1 − price factor of this row / price factor of the next row).
 *
 * Factors are rounded, so the ratio is the simplest fraction and the amount the shortest decimal within what rounding
 * leaves open. The next trading day is taken as the next weekday; where that is a holiday, the bar after it is the first
 * that opens then or later.
 */
export function parseFactors(text: string, file: string): FactorFile {
  const rows = readRows(text, file);
  const acting = rows.flatMap((row, index) => {
    const next = rows[index + 1];
    const actions = next === undefined ? [] : actionsBetween(row, next, file);
    return actions.length === 0 ? [] : [{ row, actions }];
  });
  return {
    file,
    actions: acting.flatMap(({ actions }) => actions),
    // A row that nothing follows has any number there, often 1 or 0.
    references: acting.flatMap(({ row: { line, date, reference: price } }) =>
      price > 0 ? [{ line, date, price }] : [],
    ),
  };
}

function actionsBetween(row: FactorRow, next: FactorRow, file: string): CorporateAction[] {
  const at = nextWeekday(row.date);
  const actions: CorporateAction[] = [];
  const ratio = next.splitFactor / row.splitFactor;
  const ratioSlack = ratio * (rounding / row.splitFactor + rounding / next.splitFactor);
  const simplest = simplestFraction(ratio, ratioSlack);
  if (simplest !== 1) actions.push({ kind: 'split', at, ratio: simplest });
  const kept = row.priceFactor / next.priceFactor;
  const amountSlack = row.reference * kept * (rounding / row.priceFactor + rounding / next.priceFactor);
  const amount = shortestDecimal(row.reference * (1 - kept), amountSlack);
  if (amount < 0) throw refuse(file, row.line, 'the price factor is larger than in the row after it');
  if (amount > 0) actions.push({ kind: 'dividend', at, amount });
  return actions;
}

function readRows(text: string, file: string): FactorRow[] {
  const rows = text.split(/\r?\n/).flatMap((content, index) => {
    if (content.trim() === '') return [];
    const [stamp = '', ...factors] = content.split(',').map((field) => field.trim());
    const [priceFactor = Number.NaN, splitFactor = Number.NaN, reference = 0] = factors.map(Number);
    const date = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'));
    const sound = priceFactor > 0 && splitFactor > 0 && reference >= 0 && /^\d{8}$/.test(stamp);
    if (!sound || Number.isNaN(date)) {
      throw refuse(file, index + 1, 'not a date, a price factor, a split factor and a reference price');
    }
    return [{ line: index + 1, date, priceFactor, splitFactor, reference }];
  });
  if (rows.length === 0) throw refuse(file, 1, 'there are no factors');
  const back = rows.find((row, index) => row.date <= (rows[index - 1]?.date ?? Number.NEGATIVE_INFINITY));
  if (back !== undefined) throw refuse(file, back.line, 'a row before has this date or a later one');
  return rows;
}

/** Day 0 was a Thursday, so that 0 is Sunday here. */
function nextWeekday(date: EpochMs): EpochMs {
  const weekday = (((Math.floor(date / dayMs) + 4) % 7) + 7) % 7;
  const days = weekday === 5 ? 3 : weekday === 6 ? 2 : 1;
  return date + days * dayMs;
}

const largestDenominator = 100;

function simplestFraction(value: number, slack: number): number {
  for (let denominator = 1; denominator <= largestDenominator; denominator++) {
    const fraction = Math.round(value * denominator) / denominator;
    if (fraction > 0 && Math.abs(fraction - value) <= slack) return fraction;
  }
  return value;
}

const mostDecimals = 9;

function shortestDecimal(value: number, slack: number): number {
  for (let decimals = 0; decimals <= mostDecimals; decimals++) {
    const decimal = Number(value.toFixed(decimals));
    if (Math.abs(decimal - value) <= slack) return decimal;
  }
  return value;
}

function refuse(file: string, line: number, what: string): OrreryError {
  return new OrreryError('candles-invalid', `${file}, line ${line}: ${what}`, {
    hint: 'A factor file of LEAN has rows like 20200828,0.9967882,0.25,499.23, oldest first.',
  });
}
