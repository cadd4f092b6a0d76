import { sinceProcessStartMs } from '../core/index.ts';
import type { EnsembleDocument, EnsembleInput, PreparedEnsemble } from '../ensemble/index.ts';
import type { Invocation } from '../orrery/index.ts';
import { type AgentsShown, showAgents } from './agents-shown.ts';
import { printAside } from './print-aside.ts';
import { writeAside, writeResult } from './standard-streams.ts';
import { streamText } from './streamed-text.ts';
import type { TerminalSession } from './terminal-session.ts';

export interface FollowedInvocation {
  readonly invocation: Invocation;
  readonly input: EnsembleInput;
  readonly stop: AbortSignal;
  /** Writes the output to stdout while a model says it. */
  readonly streams: boolean;
  /** Told what is drawn, so that a question to a person can hide it. */
  readonly onShown: (shown: AgentsShown) => void;
}

export interface InvocationEnding {
  readonly document: EnsembleDocument;
  /** What stands on stdout already. */
  readonly streamed: string | null;
}

const redrawMs = 100;

/** Runs an ensemble and shows its agents on stderr. */
export async function followInvocation(
  session: TerminalSession,
  { invocation, input, stop, streams, onShown }: FollowedInvocation,
): Promise<InvocationEnding> {
  const { prepared, run } = invocation;
  const shown = showAgents({
    prepared,
    title: prepared.spec.name,
    stream: { write: writeAside },
    terminal: () => ({ ...session.terminal('stderr'), rows: process.stderr.rows || 24 }),
    elapsedMs: sinceProcessStartMs,
  });
  const text = streams ? streamText(writeResult) : null;
  // An agent that is a user's own code may print what is no result.
  const tell = streams ? () => undefined : printAside();
  let streamed: string | null = null;
  const timer = setInterval(() => shown.redraw(), redrawMs);
  session.showDrawn(shown);
  onShown(shown);
  try {
    const document = await invocation.invoke(input, {
      ...{ run, signal: stop, streamed: streams },
      watch(event) {
        if (event.kind !== 'text') return shown.watch(event);
        shown.hide();
        streamed ??= '';
        text?.add(event.piece);
      },
    });
    if (streamed !== null) streamed = text?.end() ?? null;
    return { document, streamed };
  } finally {
    clearInterval(timer);
    shown.end();
    session.showDrawn(null);
    tell();
  }
}

/** Whether what comes piece by piece is the output: said once, and by one model. */
export function canStream({ spec }: PreparedEnsemble): boolean {
  const { output } = spec;
  if (output.kind !== 'agent') return false;
  const last = spec.agents.find(({ name }) => name === output.from);
  return last !== undefined && last.fanOut === null && last.loop === null;
}

/** It did not come to its own end. */
export function wasStopped({ agents }: EnsembleDocument, stop: AbortSignal): boolean {
  return stop.aborted && Object.values(agents).some(({ error }) => error?.code === 'interrupted');
}
