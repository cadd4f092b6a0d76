import { mendDamaged, type StoredCandles } from '../../market/index.ts';
import { count, utcTime } from '../../wording/index.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { TerminalSession } from '../terminal-session.ts';

const columns: readonly Column<StoredCandles>[] = [
  { header: 'symbol', align: 'left', drop: 0, cell: ({ symbol }) => symbol },
  { header: 'interval', align: 'left', drop: 0, cell: ({ interval }) => interval },
  { header: 'rows', align: 'right', drop: 1, cell: ({ rows }) => count(rows) },
  { header: 'from (UTC)', align: 'left', drop: 2, cell: ({ from }) => utcTime(Date.parse(from)) },
  { header: 'to (UTC)', align: 'left', drop: 2, cell: ({ to }) => utcTime(Date.parse(to)) },
  { header: 'holes', align: 'left', drop: 1, cell: ({ holes }) => holesInWords(holes) },
  {
    header: 'source',
    align: 'left',
    drop: 3,
    cell: ({ sources }) => sources.map(({ name }) => name).join(', '),
  },
];

function holesInWords(holes: StoredCandles['holes']): string {
  const longest = Math.max(0, ...(holes ?? []).map(({ days }) => days));
  if (holes === null || holes.length === 0) return holes === null ? '?' : 'none';
  return holes.length === 1
    ? `1 hole of ${count(longest)} days`
    : `${count(holes.length)} holes, up to ${count(longest)} days`;
}

export async function listData(session: TerminalSession): Promise<void> {
  const { candles } = await session.orrery();
  const { stored: rows, damaged } = await candles.list();
  for (const { reason } of damaged) session.notices.warn(`${reason}. ${mendDamaged}`);
  if (session.json) {
    session.printJson(rows);
    return;
  }
  const empty = 'No candles are stored. Begin with: orrery data import FILE';
  session.printTable(
    renderTable(rows, columns, session.terminal('stdout'), { all: true, wide: false, empty }),
  );
}
