import type { Ping } from '../../llm/index.ts';
import { count, duration, usd } from '../../wording/index.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

interface PingOptions extends SharedOptions {
  readonly wide?: boolean;
}

/** Nobody who asks for all of them misses one that is not configured; who names it does. */
function markOf({ provider, error }: Ping, named: boolean): '✓' | '!' | '✕' {
  if (error === null) return '✓';
  return provider === null && !named ? '!' : '✕';
}

const columnsFor = (named: boolean): readonly Column<Ping>[] => [
  { header: 'profile', align: 'left', drop: 0, cell: ({ profile }) => profile },
  {
    header: 'answer',
    align: 'left',
    drop: 1,
    cell: (ping) => `${markOf(ping, named)} ${answerInWords(ping)}`,
    look: (ping) => (markOf(ping, named) === '✕' ? 'failed' : 'flat'),
  },
  { header: 'asked', align: 'left', drop: 3, cell: ({ provider, model }) => asked(provider, model) },
  { header: 'latency', align: 'right', drop: 0, cell: ({ latencyMs }) => duration(latencyMs) },
  { header: 'in', align: 'right', drop: 2, cell: ({ inputTokens }) => count(inputTokens) },
  { header: 'out', align: 'right', drop: 2, cell: ({ outputTokens }) => count(outputTokens) },
  { header: 'cost', align: 'right', drop: 0, cell: ({ costUsd }) => usd(costUsd) },
];

/** Asks each profile one small question. Exit code 1 when one that was asked does not answer, is named and cannot be, or none could. */
export async function pingProfiles(
  session: TerminalSession,
  { wide = false }: PingOptions,
  profiles: readonly string[],
): Promise<number> {
  const orrery = await session.orrery();
  const pings = await orrery.pingProfiles(profiles);
  const asked = pings.filter(({ provider }) => provider !== null);
  const needed = profiles.length > 0 ? pings : asked;
  // Where no profile is configured there is nothing that could fail.
  const ok = needed.every((ping) => ping.ok) && (asked.length > 0 || pings.length === 0);
  if (session.json) session.printJson({ ok, profiles: pings });
  else printPings(session, pings, { wide, named: profiles.length > 0 });
  return ok ? 0 : 1;
}

function printPings(
  session: TerminalSession,
  pings: readonly Ping[],
  { wide, named }: { readonly wide: boolean; readonly named: boolean },
): void {
  const terminal = session.terminal('stdout');
  const empty = 'No profile is configured. docs/llm.md shows how to write one.';
  session.printTable(renderTable(pings, columnsFor(named), terminal, { all: true, wide, empty }));
  for (const ping of pings) {
    const { profile, error } = ping;
    if (error === null) continue;
    session.say(
      `${markOf(ping, named)} ${profile}: ${error.message}${error.hint === null ? '' : `\n    ${error.hint}`}`,
    );
  }
  if (pings.length > 0 && pings.every(({ provider }) => provider === null)) {
    session.say('No profile could be asked: none is configured whole.');
  }
}

function answerInWords({ provider, error, answeredBy }: Ping): string {
  if (error === null) return answeredBy ?? '';
  return provider === null ? `not configured: ${error.message}` : error.message;
}

function asked(provider: string | null, model: string | null): string {
  return provider === null ? '–' : `${provider}/${model}`;
}
