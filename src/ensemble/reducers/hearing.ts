import { type JsonValue, OrreryError } from '../../core/index.ts';
import type { HeardAgent } from '../scope.ts';

/** An agent that has a voice, and what counts of its output. */
export interface Voice<Value = JsonValue> {
  readonly agent: string;
  readonly value: Value;
}

/** An agent that has none. */
export interface Silence {
  readonly agent: string;
  readonly why: string;
  /** False where nobody needed it: a router led elsewhere, or its `when` was false. */
  readonly asked: boolean;
}

/** Everybody a reducer depends on; voices stand in the order of depends_on. */
export interface Hearing<Value = JsonValue> {
  readonly voices: readonly Voice<Value>[];
  readonly silent: readonly Silence[];
}

/** What counts of one output, or why nothing does. */
export type Reading<Value> = { readonly value: Value } | { readonly why: string };

/**
 * @throws OrreryError `agent-failed` when nobody said anything, `agent-skipped` when that is so because nobody was asked
 */
export function hear(
  names: readonly string[],
  agents: { readonly [name: string]: HeardAgent },
): Hearing<JsonValue> {
  return withVoices(listen(names, agents));
}

/** The same where failures are heard, too. @throws OrreryError `agent-skipped` when nobody was asked */
export function listen(
  names: readonly string[],
  agents: { readonly [name: string]: HeardAgent },
): Hearing<JsonValue> {
  const voices: Voice[] = [];
  const silent: Silence[] = [];
  for (const agent of names) {
    const { status, output, error } = agents[agent]!;
    if (status === 'ok') {
      voices.push({ agent, value: output });
    } else {
      const asked = status !== 'skipped' || error?.code !== 'agent-skipped';
      silent.push({ agent, why: `${status}: ${error?.message ?? 'no answer'}`, asked });
    }
  }
  if (voices.length === 0 && silent.length > 0 && silent.every(({ asked }) => !asked)) {
    throw new OrreryError('agent-skipped', `nobody it hears was needed: ${names.join(', ')}`);
  }
  return { voices, silent };
}

/**
 * The same, of what `read` makes of each output.
 * @throws OrreryError `agent-failed` when nobody is left
 */
export function narrow<Value>(
  { voices, silent }: Hearing,
  read: (output: JsonValue) => Reading<Value>,
): Hearing<Value> {
  const kept: Voice<Value>[] = [];
  const dropped: Silence[] = [];
  for (const { agent, value } of voices) {
    const reading = read(value);
    if ('why' in reading) dropped.push({ agent, why: reading.why, asked: true });
    else kept.push({ agent, value: reading.value });
  }
  return withVoices({ voices: kept, silent: [...silent, ...dropped] });
}

/** Sorted, so that the order of depends_on does not show. */
export function missingIn({ silent }: Hearing<unknown>): readonly string[] {
  return silent.map(({ agent }) => agent).sort();
}

/** @throws OrreryError `agent-failed` when less than this share of those who were asked have a voice */
export function requireQuorum({ voices, silent }: Hearing<unknown>, quorum: number): void {
  const asked = voices.length + silent.filter((one) => one.asked).length;
  if (reaches(voices.length / asked, quorum)) return;
  throw new OrreryError(
    'agent-failed',
    `${voices.length} of ${asked} have a voice, less than the quorum of ${quorum}; ${reasons(silent)}`,
    { hint: 'Lower its quorum, or give the missing agents retries.' },
  );
}

/** 0.667 is meant as two of three; 1 is meant as all. */
export function reaches(share: number, needed: number): boolean {
  return needed === 1 ? share === 1 : share >= needed - 5e-4;
}

function withVoices<Value>(hearing: Hearing<Value>): Hearing<Value> {
  if (hearing.voices.length > 0) return hearing;
  throw new OrreryError('agent-failed', `nobody has a voice; ${reasons(hearing.silent)}`, {
    hint: 'It needs at least one of its depends_on.',
  });
}

function reasons(silent: readonly Silence[]): string {
  return silent.map(({ agent, why }) => `${agent} ${why}`).join('; ');
}
