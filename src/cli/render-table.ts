import { count } from '../wording/index.ts';
import {
  cut,
  displayWidth,
  forTerminal,
  type Look,
  oneLine,
  padEnd,
  padStart,
  paint,
  type Terminal,
} from './terminal.ts';

export interface Column<Row> {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** Columns with the highest number go first when the terminal is narrow; 0 always stays. */
  readonly drop: number;
  readonly cell: (row: Row) => string;
  readonly look?: (row: Row) => Look;
}

export interface TableOptions {
  /** Every row, not just the first 20. */
  readonly all: boolean;
  /** Every column, however narrow the terminal. */
  readonly wide: boolean;
  /** The sentence for an empty list. */
  readonly empty: string;
}

/** `out` is the result; `notes` say what is not in it, for stderr. Both end with a newline or are empty. */
export interface RenderedTable {
  readonly out: string;
  readonly notes: string;
}

const rowsShown = 20;
const gap = 2;
/** A text column is not cut shorter than this. */
const narrowest = 12;

/** For people a fitted table; for pipes the same rows with every column, separated by tabs, nothing cut. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  terminal: Terminal,
  options: TableOptions,
): RenderedTable {
  if (rows.length === 0) return { out: '', notes: `${forTerminal(terminal, options.empty)}\n` };
  const shown = options.all ? rows : rows.slice(0, rowsShown);
  if (!terminal.interactive) {
    return { out: tabbed(shown, columns, terminal), notes: notes(rows.length - shown.length, 0, terminal) };
  }
  const measured = columns.map((column) => measure(column, shown, terminal));
  const fitted = options.wide ? measured : fitColumns(measured, terminal.columns);
  const lines = [header(fitted, terminal), ...shown.map((row, index) => line(row, index, fitted, terminal))];
  return {
    out: `${lines.join('\n')}\n`,
    notes: notes(rows.length - shown.length, columns.length - fitted.length, terminal),
  };
}

function tabbed<Row>(rows: readonly Row[], columns: readonly Column<Row>[], terminal: Terminal): string {
  const lines = [
    columns.map((column) => column.header).join('\t'),
    ...rows.map((row) => columns.map((column) => oneLine(column.cell(row))).join('\t')),
  ];
  return forTerminal(terminal, `${lines.join('\n')}\n`);
}

interface Measured<Row> {
  readonly column: Column<Row>;
  readonly header: string;
  readonly cells: readonly string[];
  readonly width: number;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[], terminal: Terminal): Measured<Row> {
  const header = forTerminal(terminal, column.header);
  const cells = rows.map((row) => forTerminal(terminal, oneLine(column.cell(row))));
  const width = cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), displayWidth(header));
  return { column, header, cells, width };
}

/** Shortens the widest text column that may go, or drops columns until the rest fits; what must stay is never cut. */
function fitColumns<Row>(measured: readonly Measured<Row>[], columns: number): readonly Measured<Row>[] {
  const kept = [...measured];
  while (total(kept) > columns) {
    const overflow = total(kept) - columns;
    const widest = widestText(kept);
    if (widest !== undefined && widest.width - overflow >= narrowest) {
      kept[kept.indexOf(widest)] = { ...widest, width: widest.width - overflow };
      break;
    }
    const next = kept.reduce((first, one) => (one.column.drop > first.column.drop ? one : first));
    if (next.column.drop === 0) break;
    kept.splice(kept.indexOf(next), 1);
  }
  return kept;
}

function widestText<Row>(measured: readonly Measured<Row>[]): Measured<Row> | undefined {
  return measured
    .filter((one) => one.column.align === 'left' && one.column.drop > 0)
    .reduce<Measured<Row> | undefined>(
      (widest, one) => (one.width > (widest?.width ?? 0) ? one : widest),
      undefined,
    );
}

function total<Row>(measured: readonly Measured<Row>[]): number {
  return measured.reduce((sum, one) => sum + one.width, gap * (measured.length - 1));
}

function header<Row>(measured: readonly Measured<Row>[], terminal: Terminal): string {
  const cells = measured.map((one) => place(one.header, one));
  return paint(terminal, 'dim', cells.join(' '.repeat(gap)).trimEnd());
}

function line<Row>(row: Row, index: number, measured: readonly Measured<Row>[], terminal: Terminal): string {
  const cells = measured.map((one) =>
    paint(terminal, one.column.look?.(row) ?? 'flat', place(one.cells[index]!, one)),
  );
  return cells.join(' '.repeat(gap)).trimEnd();
}

function place<Row>(text: string, { column, width }: Measured<Row>): string {
  const fitting = cut(text, width);
  return column.align === 'right' ? padStart(fitting, width) : padEnd(fitting, width);
}

function notes(rowsLeft: number, columnsLeft: number, terminal: Terminal): string {
  const parts = [
    ...(rowsLeft > 0 ? [`… ${count(rowsLeft)} more: --all`] : []),
    ...(columnsLeft > 0 ? [`+${columnsLeft} ${columnsLeft === 1 ? 'column' : 'columns'}: --wide`] : []),
  ];
  return parts.length === 0 ? '' : `${paint(terminal, 'dim', forTerminal(terminal, parts.join('   ')))}\n`;
}
