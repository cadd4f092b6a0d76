import { renderTable } from '../render-table.ts';
import type { TerminalSession } from '../terminal-session.ts';

interface DeskRow {
  readonly name: string;
  readonly file: string;
}

export async function listDesks(session: TerminalSession): Promise<void> {
  const orrery = await session.orrery();
  const desks = orrery.listDesks();
  if (session.json) {
    session.printJson(desks);
    return;
  }
  session.printTable(
    renderTable<DeskRow>(
      desks,
      [
        { header: 'desk', align: 'left', drop: 0, cell: (row) => row.name },
        { header: 'file', align: 'left', drop: 1, cell: (row) => row.file },
      ],
      session.terminal('stdout'),
      { all: true, wide: false, empty: 'No desk. Write one with: orrery init' },
    ),
  );
}

export async function showDesk(session: TerminalSession, nameOrPath: string): Promise<void> {
  const orrery = await session.orrery();
  const { file, text, spec } = orrery.openDesk(nameOrPath);
  if (session.json) session.printJson({ file, ...spec });
  else session.print(text);
}
