import { dayMs, isoTime } from '../core/index.ts';
import type { ColumnNames } from './candle-columns.ts';
import { refuseSingleRow } from './candle-file.ts';
import type { CandleFormat } from './candle-format.ts';
import { reportHoles } from './candle-holes.ts';
import { cryptoPair, describeInstrument } from './candle-instrument.ts';
import { reportJumps } from './candle-jumps.ts';
import { contradictedInterval } from './candle-named-interval.ts';
import { type CandleProblem, CandleProblemList } from './candle-problems.ts';
import type { CandleRows } from './candle-rows.ts';
import type { CandleSource } from './data-option.ts';
import { type OpenCandles, openCandles } from './open-candles.ts';

/** What is in a candle file, and what is wrong with it. */
export interface CandleCheck {
  /** All rows that are not blank, a header apart. */
  readonly rows: number;
  /** First and last open; null when no time could be read. */
  readonly from: string | null;
  readonly to: string | null;
  /** Null when no two times differ. */
  readonly intervalMs: number | null;
  /** Field to the name of its column, `column 1` in a file without names; null for a column that is not there. */
  readonly columns: ColumnNames;
  /** `UTC`, or the offsets that are written. */
  readonly timezone: string;
  readonly format: CandleFormat;
  /** In the order of the file; see {@link CandleProblemList} for what is merged. */
  readonly problems: readonly CandleProblem[];
  /** No problem is fatal: the file can be loaded. */
  readonly ok: boolean;
}

/**
 * Reads the whole file and lists all that is wrong or odd, by the same parser that loads it.
 *
 * @throws OrreryError like {@link loadCandleFile}, except for rows that cannot be used: those are problems.
 */
export async function checkCandleFile(option: CandleSource): Promise<CandleCheck> {
  const candles = await openCandles(option);
  const problems = new CandleProblemList();
  const rows = candles.readRows({ to: Number.POSITIVE_INFINITY }, (fault) => problems.addFault(fault));
  const { intervalMs, file } = candles;
  const symbol = option.symbol ?? '';
  if (intervalMs === null && !problems.fatal) throw refuseSingleRow(option.file);
  if (intervalMs !== null) {
    const { assetClass } = describeInstrument(symbol, intervalMs, candles);
    reportInterval(rows, file, intervalMs, problems);
    reportHoles(rows, intervalMs, assetClass, problems);
    reportJumps(rows, problems);
    reportVolume(rows, symbol, intervalMs, candles, problems);
    reportFlatBars(rows, problems);
  }
  return {
    rows: rows.rowCount,
    from: rows.length === 0 ? null : isoTime(rows.openTime[0]!),
    to: rows.length === 0 ? null : isoTime(rows.openTime[rows.length - 1]!),
    intervalMs,
    columns: candles.names,
    timezone: candles.timezone,
    format: candles.format,
    problems: problems.list(),
    ok: !problems.fatal,
  };
}

/** Against the name, and rows closer than bars of the measured interval can be (a month may be 28 of 31 days). */
function reportInterval(
  rows: CandleRows,
  file: string,
  intervalMs: number,
  problems: CandleProblemList,
): void {
  const contradiction = contradictedInterval(file, intervalMs);
  if (contradiction !== null)
    problems.addReported('interval-mismatch', rows.line[0] ?? 1, null, contradiction);
  for (let index = 1; index < rows.length; index++) {
    const step = rows.openTime[index]! - rows.openTime[index - 1]!;
    if (step <= 0 || step >= 0.9 * intervalMs) continue;
    const detail = `${step / 1_000} s after the bar before, which lasts ${intervalMs / 1_000} s`;
    problems.addReported('interval-mismatch', rows.line[index]!, rows.openTime[index]!, detail);
  }
}

function reportVolume(
  rows: CandleRows,
  symbol: string,
  intervalMs: number,
  { names, line }: OpenCandles,
  problems: CandleProblemList,
): void {
  if (names.volume === null) {
    problems.addReported('zero-volume', line, null, 'no column is named volume: it is taken as 0');
    return;
  }
  reportThinVolume(rows, symbol, intervalMs, line, problems);
  for (let index = 0; index < rows.length; index++) {
    if (rows.volume[index] === 0) {
      problems.addReported('zero-volume', rows.line[index]!, rows.openTime[index]!, 'nothing was traded');
    }
  }
}

/**
 * Coins that have traded for billions of dollars a day ever since they cost this much (2017). Below a thousandth of
 * that a file is from a test network or a deserted venue.
 */
const majorCoins = new Map([
  ['BTC', 1_000],
  ['XBT', 1_000],
  ['ETH', 100],
]);
const leastMajorTurnover = 1_000_000;
const fewestBarsToJudge = 100;

function reportThinVolume(
  rows: CandleRows,
  symbol: string,
  intervalMs: number,
  headerLine: number,
  problems: CandleProblemList,
): void {
  const price = majorCoins.get(cryptoPair(symbol)?.coin ?? '');
  if (price === undefined || rows.length < fewestBarsToJudge) return;
  if (!(median(rows.close) >= price)) return;
  const aDay = median(rows.close.map((close, index) => close * rows.volume[index]!)) * (dayMs / intervalMs);
  if (aDay > 0 && aDay < leastMajorTurnover) {
    const detail = `next to nothing was traded, about ${inDollars(aDay)} dollars' worth a day: a test network, or a thin venue?`;
    problems.addReported('zero-volume', headerLine, null, detail);
  }
}

function inDollars(amount: number): string {
  return Number(amount.toPrecision(2)).toLocaleString('en-US');
}

function reportFlatBars(rows: CandleRows, problems: CandleProblemList): void {
  for (let index = 0; index < rows.length; index++) {
    const price = rows.close[index]!;
    if (rows.open[index] === price && rows.high[index] === price && rows.low[index] === price) {
      const detail = `open, high, low and close are all ${price}`;
      problems.addReported('flat', rows.line[index]!, rows.openTime[index]!, detail);
    }
  }
}

function median(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1]!;
}
