import { CandleRowCollector, type CandleRows, type RowFault, type RowLimits } from './candle-rows.ts';
import { utcOffset, wallTime } from './candle-time.ts';
import type { CsvLayout } from './csv-layout.ts';
import { CsvRow, isBlankLine, lineEnd } from './csv-row.ts';

/** Reads every row, and calls `report` for each fault where it is found; `report` may throw to end it there. */
export function readCsvRows(
  bytes: Buffer,
  layout: CsvLayout,
  limits: RowLimits,
  report: (fault: RowFault) => void,
): CandleRows {
  const { columns, time, priceScale } = layout;
  const row = new CsvRow(bytes, layout.delimiter, layout.fieldCount + 1);
  const collector = new CandleRowCollector({
    capacity: countLines(bytes, layout.dataStart),
    intervalMs: layout.intervalMs,
    limits,
    report,
    show: (field) => row.show(columns[field] ?? 0),
  });
  let line = layout.dataLine;
  for (let start = layout.dataStart; start < bytes.length; line++) {
    const end = lineEnd(bytes, start);
    if (!isBlankLine(bytes, start, end)) readRow(start, end);
    start = end + 1;
  }
  return collector.finish();

  function readRow(start: number, end: number): void {
    const misfit = findMisfit(layout, row, row.split(start, end));
    if (misfit !== null) {
      collector.addUnparsable(line, misfit);
      return;
    }
    const wall = wallTime(time, bytes, row.start(columns.time), row.end(columns.time));
    const offset = utcOffset(time, bytes, row.start(columns.time), row.end(columns.time));
    if (Number.isNaN(wall - offset)) {
      const unit = time.kind === 'epoch' ? ` in ${time.unit} since 1970, as the first rows have it` : '';
      collector.addUnparsable(line, `${row.show(columns.time)} is not a time${unit}`);
      return;
    }
    if (!collector.addTime(wall, offset, line)) return;
    collector.addBar(
      row.number(columns.open) / priceScale,
      row.number(columns.high) / priceScale,
      row.number(columns.low) / priceScale,
      row.number(columns.close) / priceScale,
      columns.volume === null ? 0 : row.number(columns.volume),
    );
  }
}

/** Why a row of `count` fields cannot be trusted, or null. One empty field more is a delimiter at the line's end. */
function findMisfit(layout: CsvLayout, row: CsvRow, count: number): string | null {
  if (count < 0) return 'a quote is not closed';
  const { columns, fieldCount } = layout;
  const enough =
    count > columns.time &&
    count > columns.open &&
    count > columns.high &&
    count > columns.low &&
    count > columns.close &&
    count > (columns.volume ?? 0);
  const tooMany = count > fieldCount && (count > fieldCount + 1 || !row.isEmpty(fieldCount));
  return enough && !tooMany ? null : `${count} fields where ${layout.fieldsOf} ${fieldCount}`;
}

function countLines(bytes: Buffer, start: number): number {
  let count = 0;
  for (let position = start; position < bytes.length; position = lineEnd(bytes, position) + 1) count++;
  return count;
}
