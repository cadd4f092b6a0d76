import type { SweepAxis, SweepRow } from '../engine/index.ts';
import { plainNumber, ratio } from '../wording/index.ts';
import { displayWidth, padEnd, padStart, type Terminal, wrap } from './terminal.ts';

/** Sharpes over two parameters; `results` are numbered along the rows, columns fastest. */
export interface HeatMap {
  readonly rows: SweepAxis;
  readonly columns: SweepAxis;
  readonly results: readonly SweepRow[];
  readonly best: SweepRow | null;
}

/** More would scroll away. */
const mostRows = 30;

/** From half of the greatest magnitude on. */
const strong = 0.5;

/** Sixteen colours: blue above 0, yellow below, filled where strong. */
const codes = { highest: '97;44', high: '34', low: '33', lowest: '30;43' } as const;

/**
 * A number in each cell, with the same scale above and below 0. What is too wide or too high for the terminal becomes a
 * coarser grid of means, and says so.
 */
export function renderHeatMap(map: HeatMap, terminal: Terminal): string {
  const { rows, columns } = map;
  const labels = rows.values.map(plainNumber);
  const labelWidth = widest([...labels, rows.name]);
  const cellWidth =
    widest([...columns.values.map(plainNumber), ...map.results.map(({ sharpe }) => ratio(sharpe))]) + 1;
  const fitting = Math.max(1, Math.floor((terminal.columns - labelWidth - 1) / (cellWidth + 1)));
  const across = Math.ceil(columns.values.length / fitting);
  const down = Math.ceil(rows.values.length / mostRows);
  const grid = cellsOf(map, down, across);
  const scale = Math.max(...grid.flat().map((cell) => Math.abs(sharpeOf(cell) ?? 0)));
  const header = grid[0]!.map((_, at) =>
    padStart(`${plainNumber(columns.values[at * across]!)} `, cellWidth),
  );
  return [
    `sharpe by ${rows.name} (down) and ${columns.name} (across), * the best`,
    ...(across * down === 1 ? [] : wrap(coarser(map, down, across), terminal.columns)),
    '',
    `${padEnd('', labelWidth)} ${header.join(' ')}`.trimEnd(),
    ...grid.map((cells, at) => {
      const label = padStart(labels[at * down]!, labelWidth);
      return `${label} ${cells.map((cell) => drawn(cell, cellWidth, scale, terminal)).join(' ')}`.trimEnd();
    }),
    ...(terminal.color && scale > 0
      ? [
          '',
          `blue above 0, yellow below; filled from ${ratio(scale * strong)} on either side, the ends being ${ratio(scale)}`,
        ]
      : []),
  ].join('\n');
}

interface Cell {
  /** Of the Sharpes that are defined. */
  sum: number;
  count: number;
  best: boolean;
}

function cellsOf(
  { rows, columns, results, best }: HeatMap,
  down: number,
  across: number,
): readonly (readonly Cell[])[] {
  const width = columns.values.length;
  const grid = Array.from({ length: Math.ceil(rows.values.length / down) }, () =>
    Array.from({ length: Math.ceil(width / across) }, (): Cell => ({ sum: 0, count: 0, best: false })),
  );
  for (const [at, result] of results.entries()) {
    const cell = grid[Math.floor(Math.floor(at / width) / down)]![Math.floor((at % width) / across)]!;
    cell.best ||= result === best;
    if (result.sharpe === null) continue;
    cell.sum += result.sharpe;
    cell.count++;
  }
  return grid;
}

/** The mean; null where there is none. */
function sharpeOf({ sum, count }: Cell): number | null {
  return count === 0 ? null : sum / count;
}

function drawn(cell: Cell, width: number, scale: number, terminal: Terminal): string {
  const sharpe = sharpeOf(cell);
  const text = padStart(`${ratio(sharpe)}${cell.best ? '*' : ' '}`, width);
  const level = sharpe === null || scale === 0 ? 0 : sharpe / scale;
  if (!terminal.color || level === 0) return text;
  const side = level > 0 ? (['high', 'highest'] as const) : (['low', 'lowest'] as const);
  return `\x1b[${codes[side[Math.abs(level) >= strong ? 1 : 0]]}m${text}\x1b[0m`;
}

function coarser({ rows, columns }: HeatMap, down: number, across: number): string {
  const parts = [
    ...(down > 1 ? [`${down} values of ${rows.name}`] : []),
    ...(across > 1 ? [`${across} values of ${columns.name}`] : []),
  ];
  return `too large to show each: a cell is the mean of ${parts.join(' and ')}, from the one named on; --json has all`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}
