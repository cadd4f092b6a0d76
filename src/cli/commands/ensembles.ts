import { asOrreryError } from '../../core/index.ts';
import { formatMermaid } from '../../ensemble/index.ts';
import type { ListedEnsemble, Orrery } from '../../orrery/index.ts';
import { count } from '../../wording/index.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

/** One that cannot be read is listed with its error. */
interface EnsembleRow extends ListedEnsemble {
  readonly description: string | null;
  readonly agents: number | null;
  readonly error: string | null;
}

const columns: readonly Column<EnsembleRow>[] = [
  { header: 'ensemble', align: 'left', drop: 0, cell: (row) => row.name },
  {
    header: 'agents',
    align: 'right',
    drop: 1,
    cell: ({ agents }) => (agents === null ? '–' : count(agents)),
  },
  { header: 'from', align: 'left', drop: 2, cell: (row) => row.from },
  {
    header: 'description',
    align: 'left',
    drop: 0,
    cell: ({ description, error }) => (error === null ? (description ?? '–') : `✕ ${error}`),
    look: ({ error }) => (error === null ? 'flat' : 'failed'),
  },
  { header: 'file', align: 'left', drop: 3, cell: (row) => row.file },
];

export async function listEnsembles(
  session: TerminalSession,
  { wide = false }: SharedOptions & { readonly wide?: boolean },
): Promise<void> {
  const orrery = await session.orrery();
  const rows = orrery.listEnsembles().map((listed) => rowOf(orrery, listed));
  if (session.json) {
    session.printJson(rows);
    return;
  }
  const empty = 'No ensemble. They lie in ensembles/ and end in .yaml.';
  session.printTable(renderTable(rows, columns, session.terminal('stdout'), { all: true, wide, empty }));
}

function rowOf(orrery: Orrery, listed: ListedEnsemble): EnsembleRow {
  try {
    const { spec } = orrery.checkEnsemble(listed.file).prepared;
    return { ...listed, description: spec.description, agents: spec.agents.length, error: null };
  } catch (thrown) {
    return { ...listed, description: null, agents: null, error: asOrreryError(thrown).message };
  }
}

export async function showEnsemble(session: TerminalSession, nameOrPath: string): Promise<void> {
  const orrery = await session.orrery();
  const { file, text, prepared } = orrery.checkEnsemble(nameOrPath);
  if (session.json) session.printJson({ file, phases: prepared.plan.phases, ...prepared.spec });
  else session.printOutside(text ?? '');
}

export async function drawEnsemble(session: TerminalSession, nameOrPath: string): Promise<void> {
  const orrery = await session.orrery();
  const { prepared } = orrery.checkEnsemble(nameOrPath);
  const mermaid = formatMermaid(prepared);
  if (session.json) session.printJson({ ensemble: prepared.spec.name, mermaid });
  else session.print(mermaid);
}
