import { nearestWord, OrreryError } from '../../core/index.ts';
import type { KeyOrigin, Orrery } from '../../orrery/index.ts';
import { utcTime } from '../../wording/index.ts';
import { readSecret } from '../read-secret.ts';
import { type Column, renderTable } from '../render-table.ts';
import { writeAside } from '../standard-streams.ts';
import type { TerminalSession } from '../terminal-session.ts';

/** Stores the key that comes on stdin. */
export async function setKey(session: TerminalSession, provider: string): Promise<void> {
  const orrery = await session.orrery();
  const key = await readKey(provider);
  const origin = await orrery.storeKey(provider, key);
  noteUnused(session, orrery, origin);
  if (session.json) session.printJson(origin);
  else session.print(`stored the key of ${provider}`);
}

/** Stores the key that comes on stdin once its provider has answered a question with it. */
export async function logIn(session: TerminalSession, provider: string): Promise<void> {
  const orrery = await session.orrery();
  const key = await readKey(provider);
  const ping = await orrery.tryKey(provider, key);
  if (ping.error !== null) {
    const { code, message, retryable } = ping.error;
    throw new OrreryError(code, `${provider} did not take the key, which is not stored: ${message}`, {
      hint: `Check the key. To store it untried: orrery auth set ${provider}`,
      retryable,
    });
  }
  const origin = await orrery.storeKey(provider, key);
  noteUnused(session, orrery, origin);
  if (session.json) session.printJson({ ...origin, answeredBy: ping.answeredBy, costUsd: ping.costUsd });
  else session.print(`${ping.answeredBy ?? provider} answered; stored the key of ${provider}`);
}

async function readKey(provider: string): Promise<string> {
  process.stdin.setEncoding('utf8');
  return readSecret(process.stdin, writeAside, `Key of ${provider}, which will not be shown: `);
}

export async function listKeys(session: TerminalSession): Promise<void> {
  const orrery = await session.orrery();
  const keys = orrery.listKeys();
  if (session.json) {
    session.printJson(keys);
    return;
  }
  const empty = 'No provider has a key. Store one with: orrery auth set PROVIDER';
  const terminal = session.terminal('stdout');
  session.printTable(renderTable(keys, columns, terminal, { all: true, wide: false, empty }));
}

export async function removeKey(session: TerminalSession, provider: string): Promise<void> {
  const orrery = await session.orrery();
  await orrery.removeKey(provider);
  if (session.json) session.printJson({ provider, removed: true });
  else session.print(`removed the key of ${provider}`);
}

const columns: readonly Column<KeyOrigin>[] = [
  { header: 'provider', align: 'left', drop: 0, cell: ({ provider }) => provider },
  {
    header: 'key from',
    align: 'left',
    drop: 0,
    cell: ({ variable }) => (variable === null ? 'store' : `$${variable}`),
  },
  {
    header: 'stored (UTC)',
    align: 'left',
    drop: 1,
    cell: ({ since }) => (since === null ? '–' : utcTime(Date.parse(since))),
  },
];

/** A key that is stored and not used would be looked for in the wrong place. */
function noteUnused(session: TerminalSession, orrery: Orrery, { provider, variable }: KeyOrigin): void {
  if (variable !== null) session.notices.warn(`$${variable} is set and comes before what is stored.`);
  const configured = Object.keys(orrery.configuration.llm.providers);
  if (configured.includes(provider)) return;
  const near = nearestWord(provider, configured);
  const meant = near === null ? '' : `; did you mean ${near}?`;
  session.notices.warn(`no provider "${provider}" is configured${meant || '.'}`);
}
