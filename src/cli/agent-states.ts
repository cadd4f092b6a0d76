import type { AgentOutcome, EnsembleEvent, PreparedEnsemble } from '../ensemble/index.ts';

/** How far one agent is. `phase` counts from 1; `outcome` is null until it has ended. */
export interface AgentState {
  readonly name: string;
  readonly phase: number;
  readonly word: 'waiting' | 'working' | AgentOutcome['status'];
  /** Monotonic milliseconds; null until it begins. */
  readonly startedMs: number | null;
  readonly outcome: AgentOutcome | null;
}

/** All of them before anything has happened, phase after phase. */
export function waitingAgents({ plan }: Pick<PreparedEnsemble, 'plan'>): Map<string, AgentState> {
  const states = plan.phases.flatMap((names, phase) =>
    names.map(
      (name): AgentState => ({ name, phase: phase + 1, word: 'waiting', startedMs: null, outcome: null }),
    ),
  );
  return new Map(states.map((state) => [state.name, state]));
}

/** Takes an event in. */
export function noteEvent(states: Map<string, AgentState>, event: EnsembleEvent, nowMs: number): void {
  const state = states.get(event.agent);
  if (state === undefined || event.kind === 'text') return;
  states.set(
    event.agent,
    event.kind === 'agent-started'
      ? { ...state, word: 'working', startedMs: nowMs }
      : { ...state, word: event.outcome.status, outcome: event.outcome },
  );
}
