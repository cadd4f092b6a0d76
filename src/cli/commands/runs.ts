import { isoTime } from '../../core/index.ts';
import { count, utcTime } from '../../wording/index.ts';
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
  { header: 'started (UTC)', align: 'left', drop: 2, cell: (row) => utcTime(Date.parse(row.startedAt)) },
  { header: 'bars', align: 'right', drop: 0, cell: (row) => count(row.bars) },
  { header: 'hash', align: 'left', drop: 3, cell: (row) => row.hash?.slice(0, 12) ?? '–' },
];

export async function listRuns(session: TerminalSession): Promise<void> {
  const orrery = await session.orrery();
  const rows = await orrery.read(async ({ journal }) =>
    (await journal.listRuns()).map(({ run, desk, status, startedAt, bars, hash }) => ({
      run,
      desk,
      status,
      startedAt: isoTime(startedAt),
      bars,
      hash,
    })),
  );
  if (session.json) {
    session.printJson(rows);
    return;
  }
  const options = { all: true, wide: false, empty: 'No run yet. Begin with: orrery demo' };
  session.printTable(renderTable(rows, columns, session.terminal('stdout'), options));
}
