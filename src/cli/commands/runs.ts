import { isoTime } from '../../core/index.ts';
import { count } from '../../wording/index.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { TerminalSession } from '../terminal-session.ts';

interface RunRow {
  readonly run: string;
  readonly desk: string;
  readonly status: string;
  readonly startedAt: string;
  readonly bars: number;
  readonly hash: string | null;
}

const columns: readonly Column<RunRow>[] = [
  { header: 'run', align: 'left', drop: 0, cell: (row) => row.run },
  { header: 'desk', align: 'left', drop: 1, cell: (row) => row.desk },
  {
    header: 'status',
    align: 'left',
    drop: 0,
    cell: (row) => row.status,
    look: (row) => (row.status === 'failed' ? 'failed' : 'flat'),
  },
  {
    header: 'started (UTC)',
    align: 'left',
    drop: 2,
    cell: ({ startedAt }) => startedAt.slice(0, 19).replace('T', ' '),
  },
  { header: 'bars', align: 'right', drop: 0, cell: (row) => count(row.bars) },
  { header: 'hash', align: 'left', drop: 3, cell: (row) => row.hash?.slice(0, 12) ?? '–' },
];

/** Exit code 1 when a run cannot be read: it is named on stderr, and the others are listed. */
export async function listRuns(session: TerminalSession): Promise<number> {
  const orrery = await session.orrery();
  const { runs, damaged } = await orrery.read(({ journal }) => journal.listRuns());
  for (const error of damaged) session.explain(error);
  const rows = runs.map(
    ({ run, desk, status, startedAt, bars, hash }): RunRow => ({
      ...{ run, desk, status, startedAt: isoTime(startedAt), bars, hash },
    }),
  );
  if (session.json) session.printJson(rows);
  else if (rows.length > 0 || damaged.length === 0) {
    const options = { all: true, wide: false, empty: 'No run yet. Begin with: orrery demo' };
    session.printTable(renderTable(rows, columns, session.terminal('stdout'), options));
  }
  return damaged.length === 0 ? 0 : 1;
}
