import { displayWidth, padEnd, padStart, paint, type Terminal } from './terminal.ts';

/** One line of figures; the first of a table has the headings. */
export type FigureRow = readonly [label: string, cells: readonly string[]];

export const labelWidth = 15;
const gap = 2;
const narrowest = 11;

/** Figures side by side, right-aligned under their headings. */
export function figureLines(rows: readonly FigureRow[], terminal: Terminal): readonly string[] {
  const columns = figureWidths(rows);
  return rows.map(([label, row], at) => {
    const line = `  ${padEnd(label, labelWidth)}${row.map((cell, column) => padStart(cell, columns[column]!)).join('')}`;
    return at === 0 ? paint(terminal, 'dim', line) : line;
  });
}

/** What each column takes, the gap before it included. */
export function figureWidths(rows: readonly FigureRow[]): readonly number[] {
  return rows[0]![1].map((_, at) =>
    Math.max(narrowest, ...rows.map(([, row]) => displayWidth(row[at]!) + gap)),
  );
}
