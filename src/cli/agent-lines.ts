import { type AgentOutcome, shortfallOf } from '../ensemble/index.ts';
import { count, duration, usd } from '../wording/index.ts';
import type { AgentState } from './agent-states.ts';
import {
  cut,
  displayWidth,
  forTerminal,
  type Look,
  oneLine,
  padEnd,
  padStart,
  paint,
  type Terminal,
} from './terminal.ts';

export interface AgentLines {
  readonly title: string;
  readonly states: readonly AgentState[];
  /** Since the run began, and as `startedMs` counts. */
  readonly elapsedMs: number;
  readonly nowMs: number;
  /** Lines at most, the title included; at least 3. */
  readonly most: number;
}

const signs: { readonly [word in AgentState['word']]: string } = {
  waiting: '·',
  working: '●',
  ok: '✓',
  failed: '✕',
  timeout: '✕',
  skipped: '–',
};

const looks: { readonly [word in AgentState['word']]: Look } = {
  waiting: 'dim',
  working: 'bold',
  ok: 'flat',
  failed: 'failed',
  timeout: 'failed',
  skipped: 'dim',
};

/** Of all but `12 min 30 s`. */
const timeWidth = 7;

/** An ensemble at work: a title, then a line for each agent under the number of its phase. None is wider than the terminal. */
export function agentLines(shown: AgentLines, terminal: Terminal): readonly string[] {
  const chosen = mostTelling(shown.states, shown.most - 1);
  const nameWidth = Math.min(
    Math.max(...chosen.map(({ name }) => displayWidth(name))),
    Math.max(6, Math.min(32, terminal.columns - 34)),
  );
  const costWidth = Math.max(...chosen.map((state) => costOf(state).join().length));
  const phaseWidth = String(shown.states.at(-1)?.phase ?? 1).length;
  let phase = 0;
  const lines = chosen.map((state) => {
    const label = state.phase === phase ? '' : String(state.phase);
    phase = state.phase;
    const text = `${padStart(label, phaseWidth + 1)} ${agentLine(state, shown.nowMs, { nameWidth, costWidth })}`;
    return paint(terminal, looks[state.word], narrowed(text, terminal));
  });
  const rest = shown.states.filter((state) => !chosen.includes(state));
  return [
    paint(terminal, 'bold', narrowed(titleOf(shown), terminal)),
    ...lines,
    ...(rest.length === 0 ? [] : [paint(terminal, 'dim', narrowed(restOf(rest, phaseWidth), terminal))]),
  ];
}

/** One agent that has ended, for a log. */
export function endedLine(state: AgentState): string {
  const { name, word, outcome } = state;
  const time = word === 'skipped' || outcome === null ? [] : [duration(outcome.latencyMs)];
  const words = [name, word, ...time, ...costOf(state)];
  const note = noteOf(state);
  const link = lackOf(outcome) === null ? ':' : ',';
  return `${words.join(' ')}${note === '' ? '' : `${link} ${note}`}`;
}

/** Whether both failed for one reason, and nothing else is to be told of either. */
export function failedAlike(one: AgentState, other: AgentState): boolean {
  const error = one.outcome?.error ?? null;
  const free = costOf(one).length === 0 && costOf(other).length === 0;
  return error !== null && free && one.word === other.word && error.message === other.outcome?.error?.message;
}

const mostNamed = 3;

/** Agents that failed alike, for a log. */
export function failedLine(states: readonly AgentState[]): string {
  const [first] = states;
  if (first === undefined || states.length === 1) return first === undefined ? '' : endedLine(first);
  const shown = states.length <= mostNamed + 1 ? states.length - 1 : mostNamed;
  const rest = states.length - shown;
  const last = rest === 1 ? states.at(-1)!.name : `${count(rest)} more`;
  const names = states.slice(0, shown).map(({ name }) => name);
  return `${names.join(', ')} and ${last} ${first.word}: ${noteOf(first)}`;
}

function titleOf({ title, states, elapsedMs }: AgentLines): string {
  const ended = states.filter(({ outcome }) => outcome !== null).length;
  const costUsd = states.reduce((sum, { outcome }) => sum + (outcome?.costUsd ?? 0), 0);
  const parts = [
    `${oneLine(title)}  ${count(ended)}/${count(states.length)}`,
    duration(elapsedMs),
    ...(costUsd > 0 ? [usd(costUsd)] : []),
  ];
  return parts.join('  ');
}

interface Widths {
  readonly nameWidth: number;
  readonly costWidth: number;
}

function agentLine(state: AgentState, nowMs: number, { nameWidth, costWidth }: Widths): string {
  const { name, word, startedMs, outcome } = state;
  const took = outcome === null ? (startedMs === null ? null : nowMs - startedMs) : outcome.latencyMs;
  // Nobody has waited for one that was given up.
  const untimed = word === 'skipped' || outcome?.error?.code === 'interrupted';
  const time = took === null || untimed ? '' : duration(took);
  const cells = [
    `${signs[word]} ${padEnd(cut(oneLine(name), nameWidth), nameWidth)}`,
    padEnd(word, 'waiting'.length),
    padStart(time, timeWidth),
    ...(costWidth === 0 ? [] : [padStart(costOf(state).join(), costWidth)]),
    noteOf(state),
  ];
  return cells.join('  ').trimEnd();
}

function costOf({ outcome }: AgentState): readonly string[] {
  return outcome !== null && outcome.costUsd > 0 ? [usd(outcome.costUsd)] : [];
}

/** What an agent that is ok went on without. */
function lackOf(outcome: AgentOutcome | null): string | null {
  return outcome === null ? null : shortfallOf(outcome);
}

/** What went wrong, or who answered where that is not the kind of agent one would think. */
function noteOf({ outcome }: AgentState): string {
  if (outcome === null) return '';
  if (outcome.error !== null) return oneLine(outcome.error.message);
  const lack = lackOf(outcome);
  if (lack !== null) return oneLine(lack);
  return outcome.source === null || outcome.source === outcome.kind ? '' : `by ${oneLine(outcome.source)}`;
}

/** Where there is no room for all: who works and who failed, then the others in their order. */
function mostTelling(states: readonly AgentState[], most: number): readonly AgentState[] {
  if (states.length <= most) return states;
  const urgency = ({ word, outcome }: AgentState) =>
    word === 'working' ? 0 : word === 'failed' || word === 'timeout' || lackOf(outcome) !== null ? 1 : 2;
  const chosen = new Set([...states].sort((a, b) => urgency(a) - urgency(b)).slice(0, most - 1));
  return states.filter((state) => chosen.has(state));
}

function restOf(rest: readonly AgentState[], phaseWidth: number): string {
  const words = (Object.keys(signs) as AgentState['word'][]).flatMap((word) => {
    const number = rest.filter((state) => state.word === word).length;
    return number === 0 ? [] : [`${count(number)} ${word}`];
  });
  return `${' '.repeat(phaseWidth + 2)}… ${count(rest.length)} more: ${words.join(', ')}`;
}

/** A line that wraps cannot be drawn again in its place; some terminals wrap one that is just full. */
function narrowed(text: string, terminal: Terminal): string {
  const plain = forTerminal(terminal, text);
  return forTerminal(terminal, cut(plain, Math.max(1, terminal.columns - (terminal.unicode ? 1 : 3))));
}
