import type { Ping } from '../../llm/index.ts';
import { count, duration, usd } from '../../wording/index.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

interface PingOptions extends SharedOptions {
  readonly wide?: boolean;
}

const columns: readonly Column<Ping>[] = [
  { header: 'profile', align: 'left', drop: 0, cell: ({ profile }) => profile },
  {
    header: 'answer',
    align: 'left',
    drop: 1,
    cell: ({ error, answeredBy }) => (error === null ? `✓ ${answeredBy}` : `✕ ${error.message}`),
    look: ({ ok }) => (ok ? 'flat' : 'failed'),
  },
  { header: 'asked', align: 'left', drop: 3, cell: ({ provider, model }) => asked(provider, model) },
  { header: 'latency', align: 'right', drop: 0, cell: ({ latencyMs }) => duration(latencyMs) },
  { header: 'in', align: 'right', drop: 2, cell: ({ inputTokens }) => count(inputTokens) },
  { header: 'out', align: 'right', drop: 2, cell: ({ outputTokens }) => count(outputTokens) },
  { header: 'cost', align: 'right', drop: 0, cell: ({ costUsd }) => usd(costUsd) },
];

/** Asks each profile one small question. Exit code 1 when one does not answer. */
export async function pingProfiles(
  session: TerminalSession,
  { wide = false }: PingOptions,
  profiles: readonly string[],
): Promise<number> {
  const orrery = await session.orrery();
  const pings = await orrery.pingProfiles(profiles);
  const ok = pings.every((ping) => ping.ok);
  if (session.json) session.printJson({ ok, profiles: pings });
  else printPings(session, pings, wide);
  return ok ? 0 : 1;
}

function printPings(session: TerminalSession, pings: readonly Ping[], wide: boolean): void {
  const terminal = session.terminal('stdout');
  const empty = 'No profile can be asked. See why with: orrery llm profiles';
  session.printTable(renderTable(pings, columns, terminal, { all: true, wide, empty }));
  for (const { profile, error } of pings) {
    if (error === null) continue;
    session.say(`✕ ${profile}: ${error.message}${error.hint === null ? '' : `\n    ${error.hint}`}`);
  }
}

function asked(provider: string | null, model: string | null): string {
  return provider === null ? '–' : `${provider}/${model}`;
}
