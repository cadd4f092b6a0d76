import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkAgents, isPlayable } from '../../agents/index.ts';
import { asOrreryError, OrreryError } from '../../core/index.ts';
import { type ProfileDescription, type ProviderDescription, unpricedInWords } from '../../llm/index.ts';
import type { Orrery } from '../../orrery/index.ts';
import { forTerminal, paint } from '../terminal.ts';
import type { TerminalSession } from '../terminal-session.ts';
import { keyInWords } from './list-profiles.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Works, though not as it is written in the configuration. */
  readonly warning?: boolean;
  readonly detail: string;
  /** What to do; null when nothing is to be done. */
  readonly hint: string | null;
}

/**
 * Tries what every command needs. Exit code 1 when something does not work that a desk needs: a provider without its key is only
 * warned of as long as the agents that would ask it have somebody else, or rules.
 */
export async function doctor(session: TerminalSession): Promise<number> {
  const checks: Check[] = [checkNode()];
  try {
    const orrery = await session.orrery();
    checks.push(checkConfiguration(orrery), checkHome(orrery), await checkDatabase(orrery));
    checks.push(
      ...orrery.listDesks().map(({ name }) => attempt(`desk ${name}`, () => openDesk(orrery, name))),
    );
    checks.push(
      ...orrery.describeProviders().map(checkProvider),
      ...orrery.describeProfiles().map(checkProfile),
    );
    checks.push(...checkPrices(orrery));
  } catch (thrown) {
    checks.push(failed('configuration', thrown));
  }
  const ok = checks.every((check) => check.ok);
  if (session.json) session.printJson({ ok, checks });
  else printChecks(session, checks);
  return ok ? 0 : 1;
}

function printChecks(session: TerminalSession, checks: readonly Check[]): void {
  const terminal = session.terminal('stdout');
  for (const { name, ok, warning = false, detail, hint } of checks) {
    const mark = paint(terminal, ok && !warning ? 'flat' : 'failed', ok ? (warning ? '!' : '✓') : '✕');
    session.print(forTerminal(terminal, `${mark} ${name}: ${detail}${hint === null ? '' : `\n    ${hint}`}`));
  }
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: 'node', ok, detail: process.version, hint: ok ? null : 'Install Node.js 20.19 or later.' };
}

function checkConfiguration({ configuration }: Orrery): Check {
  const { files } = configuration;
  const detail = files.length === 0 ? 'none; defaults hold' : files.join(', ');
  return {
    name: 'configuration',
    ok: true,
    detail,
    hint: files.length === 0 ? 'Write one with: orrery init' : null,
  };
}

function checkHome({ configuration }: Orrery): Check {
  let folder = configuration.home;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return { name: 'state folder', ok: true, detail: configuration.home, hint: null };
  } catch {
    const hint = 'Set ORRERY_HOME to a folder you can write to.';
    return { name: 'state folder', ok: false, detail: `${configuration.home} cannot be written`, hint };
  }
}

/** One without its key is no failure by itself, see {@link doctor}. */
function checkProvider(one: ProviderDescription): Check {
  const { provider, kind, configured, key, profiles } = one;
  const lacking = `lacks its key: ${one.variables.map((variable) => `$${variable}`).join(' or ')} is not set, and none is stored`;
  const free = key.source === 'none' ? 'no key, and needs none' : `key from ${keyInWords(key)}`;
  const asking = profiles.map(({ profile }) => profile).join(', ');
  const parts = [
    ...[kind, configured ? free : lacking],
    profiles.length === 0 ? 'no profile uses it' : `asked by ${asking}`,
  ];
  const hint = configured ? null : `Set it, or store it with: orrery auth set ${provider}`;
  // Nobody misses one that no profile leads to.
  const warning = !configured && profiles.length > 0;
  return {
    name: `provider ${provider}`,
    ok: true,
    ...(warning && { warning }),
    detail: parts.join('; '),
    hint,
  };
}

function checkProfile({ profile, provider, model, reason, standIn }: ProfileDescription): Check {
  const name = `profile ${profile}`;
  if (reason === null) {
    return { name, ok: true, detail: `leads to ${provider}/${model}; configured, not asked`, hint: null };
  }
  if (standIn !== null) {
    const detail = `answered by ${standIn}: ${reason}`;
    return { name, ok: true, warning: true, detail, hint: null };
  }
  const hint =
    "A desk's chief asks its backup, where it has one; other agents of this profile decide by rules.";
  return { name, ok: true, warning: true, detail: `not usable: ${reason}`, hint };
}

/** A desk whose agents have nobody to ask and no rules cannot run. */
function openDesk(orrery: Orrery, name: string): string {
  const { file, spec } = orrery.openDesk(name);
  const profiles = orrery.describeProfiles();
  const isUsable = (wanted: string) =>
    [wanted, 'analyst'].flatMap((given) => profiles.find(({ profile }) => profile === given) ?? [])[0]
      ?.usable === true;
  checkAgents(spec.agents, isUsable);
  const mute = spec.agents.find(
    ({ role, decider, profile }) =>
      isPlayable(role) && !decider.includes('rules') && !(decider.includes('llm') && isUsable(profile)),
  );
  if (mute === undefined) return file;
  throw new OrreryError(
    'agents-invalid',
    `${mute.name} may not decide by rules, and profile ${mute.profile} is not usable`,
    {
      hint: `Configure the profile in orrery.yaml, or add \`rules\` to its \`decider\` list in ${file}.`,
    },
  );
}

/** Calls nobody can price are no failure, but that figures and budgets in dollars leave them out should be known. */
function checkPrices({ configuration, describeProfiles }: Orrery): readonly Check[] {
  const asked = describeProfiles().filter(({ reason }) => reason === null);
  if (asked.length === 0) return [];
  const unpriced = asked.filter(({ usdPerMillion }) => usdPerMillion === null);
  if (unpriced.length === 0) {
    return [{ name: 'prices', ok: true, detail: 'known for every usable profile', hint: null }];
  }
  const names = unpriced.map(({ profile }) => profile);
  const detail = unpricedInWords(configuration.llm, names);
  const hint = 'Set usdPerMillion in the profile or a price in prices.yaml: 0 where calls are free.';
  return [{ name: 'prices', ok: true, detail, hint }];
}

async function checkDatabase(orrery: Orrery): Promise<Check> {
  const kind = orrery.configuration.databaseUrl === null ? 'embedded' : 'PostgreSQL of $DATABASE_URL';
  try {
    const { runs, damaged } = await orrery.read(({ journal }) => journal.listRuns());
    if (damaged[0] !== undefined) return failed('database', damaged[0]);
    return { name: 'database', ok: true, detail: `${kind}, ${runs.length} runs`, hint: null };
  } catch (thrown) {
    return failed('database', thrown);
  }
}

function attempt(name: string, work: () => string): Check {
  try {
    return { name, ok: true, detail: work(), hint: null };
  } catch (thrown) {
    return failed(name, thrown);
  }
}

function failed(name: string, thrown: unknown): Check {
  const { message, hint } = asOrreryError(thrown);
  return { name, ok: false, detail: message, hint };
}
