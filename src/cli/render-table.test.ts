import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Column, renderTable } from './render-table.ts';
import { displayWidth, type Terminal } from './terminal.ts';

interface Row {
  readonly name: string;
  readonly gain: string;
  readonly note: string;
}

const columns: readonly Column<Row>[] = [
  { header: 'name', align: 'left', drop: 0, cell: (row) => row.name },
  { header: 'gain', align: 'right', drop: 0, cell: (row) => row.gain },
  { header: 'id', align: 'right', drop: 2, cell: () => 'x'.repeat(20) },
  { header: 'note', align: 'left', drop: 1, cell: (row) => row.note },
];
const watched: Terminal = { interactive: true, columns: 80, color: false, unicode: true };
const piped: Terminal = { ...watched, interactive: false };
const few = { all: false, wide: false, empty: 'No trades yet.' };

const rows = Array.from(
  { length: 30 },
  (_, index): Row => ({ name: `t${index}`, gain: `+${index}.00`, note: 'why\tnot\nnow' }),
);

describe('a table', () => {
  test('aligns numbers right and names what it leaves out', () => {
    const { out, notes } = renderTable(rows, columns, watched, few);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'name    gain                    id  note',
      't0     +0.00  xxxxxxxxxxxxxxxxxxxx  why not now',
      't1     +1.00  xxxxxxxxxxxxxxxxxxxx  why not now',
    ]);
    expect(out.trimEnd().split('\n')).toHaveLength(21);
    expect(notes).toBe('… 10 more: --all\n');
    expect(renderTable(rows, columns, watched, { ...few, all: true })).toMatchObject({ notes: '' });
  });

  test('drops columns in the stated order on a narrow terminal, unless told not to', () => {
    const narrow = { ...watched, columns: 30 };
    expect(renderTable(rows, columns, narrow, few)).toMatchObject({
      notes: '… 10 more: --all   +1 column: --wide\n',
    });
    expect(renderTable(rows, columns, narrow, few).out).toMatch(/^name {4}gain {2}note\n/);
    expect(renderTable(rows, columns, { ...watched, columns: 14 }, few).notes).toContain(
      '+2 columns: --wide',
    );
    expect(renderTable(rows, columns, narrow, { ...few, wide: true }).out).toContain('xxx');
  });

  test('never wraps where its texts can be shortened', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: 120 }),
        fc.array(fc.string({ maxLength: 90 }), { minLength: 1, maxLength: 5 }),
        (width, notes) => {
          const table = renderTable(
            notes.map((note) => ({ name: 'n', gain: '1', note })),
            columns,
            { ...watched, columns: width },
            few,
          );
          for (const line of table.out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  test('in a pipe has as many rows, and every column whole, with tabs only between cells', () => {
    const { out, notes } = renderTable(rows, columns, piped, few);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(21);
    for (const line of lines) expect(line.split('\t')).toHaveLength(4);
    expect(notes).toBe('… 10 more: --all\n');
    const all = renderTable(rows, columns, piped, { ...few, all: true });
    expect(all.out.trimEnd().split('\n')).toHaveLength(31);
    expect(all.notes).toBe('');
  });

  test('without rows is a sentence beside an empty result', () => {
    expect(renderTable([], columns, piped, few)).toEqual({ out: '', notes: 'No trades yet.\n' });
  });
});
