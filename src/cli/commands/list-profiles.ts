import type { ProfileDescription } from '../../llm/index.ts';
import { usd } from '../../wording/index.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { Terminal } from '../terminal.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

interface WideOptions extends SharedOptions {
  readonly wide?: boolean;
}

/** A person reads why not below the table, where there is room. */
function columnsFor({ interactive }: Terminal): readonly Column<ProfileDescription>[] {
  return [
    { header: 'profile', align: 'left', drop: 0, cell: ({ profile }) => profile },
    { header: 'model', align: 'left', drop: 0, cell: ({ provider, model }) => `${provider}/${model}` },
    {
      header: 'usable',
      align: 'left',
      drop: 0,
      cell: (profile) => usableInWords(profile, interactive),
      look: ({ usable }) => (usable ? 'flat' : 'failed'),
    },
    { header: '$/M in', align: 'right', drop: 2, cell: ({ usdPerMillion }) => price(usdPerMillion?.input) },
    { header: 'out', align: 'right', drop: 2, cell: ({ usdPerMillion }) => price(usdPerMillion?.output) },
    { header: 'key', align: 'left', drop: 3, cell: ({ key }) => keyInWords(key) },
    { header: 'fallback', align: 'left', drop: 4, cell: ({ fallback }) => fallback.join(', ') || '–' },
    { header: 'weights', align: 'left', drop: 4, cell: ({ weights }) => weightsInWords(weights) },
  ];
}

function usableInWords({ reason, standIn }: ProfileDescription, interactive: boolean): string {
  if (reason === null) return 'yes';
  const word = standIn === null ? 'no' : `by ${standIn}`;
  return interactive ? word : `${word}: ${reason}`;
}

function price(usdPerMillion: number | undefined): string {
  return usd(usdPerMillion ?? null);
}

function weightsInWords(weights: ProfileDescription['weights']): string {
  const shares = Object.entries(weights).map(([profile, weight]) => `${profile} ${weight}`);
  return shares.join(', ') || '–';
}

/** Where every profile leads; asks nobody. */
export async function listProfiles(session: TerminalSession, { wide = false }: WideOptions): Promise<void> {
  const orrery = await session.orrery();
  const profiles = orrery.describeProfiles();
  if (session.json) {
    session.printJson(profiles);
    return;
  }
  const terminal = session.terminal('stdout');
  const empty = 'No profile is configured, so agents decide by rules. docs/llm.md shows how to write one.';
  session.printTable(renderTable(profiles, columnsFor(terminal), terminal, { all: true, wide, empty }));
  if (terminal.interactive) {
    for (const { reason, standIn } of profiles) {
      if (reason !== null)
        session.notices.warn(standIn === null ? reason : `${reason}; ${standIn} answers in its place`);
    }
  }
}

/** Where a key comes from, never the key. */
export function keyInWords({ source, variable }: ProfileDescription['key']): string {
  if (variable !== null) return `$${variable}`;
  return source === 'store' ? 'store' : 'none';
}
