import type { JsonValue, OrreryError } from '../core/index.ts';
import type { AgentResult } from './run-graph.ts';
import type { Answer } from './runner.ts';

/** What an agent has heard from one it depends on; a failure is data. */
export interface HeardAgent {
  readonly status: 'ok' | 'failed' | 'skipped' | 'timeout';
  /** Null unless it is ok. */
  readonly output: JsonValue;
  readonly error: HeardError | null;
}

export interface HeardError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
}

/** What the caller gave: as it came, and as JSON where it is an object or a list. */
export interface EnsembleInput {
  readonly value: JsonValue;
  readonly text: string;
}

/** What expressions, templates and prompts can speak of in one turn. */
export interface Scope {
  readonly input: EnsembleInput;
  readonly agents: { readonly [name: string]: HeardAgent };
  /** Of a fan-out; undefined elsewhere. */
  readonly item?: { readonly value: JsonValue; readonly index: number };
  /** Of a loop, from 1; `previous` is null in the first round. Undefined elsewhere. */
  readonly round?: { readonly number: number; readonly previous: JsonValue };
}

export function heardFrom({ status, output, error }: AgentResult<Answer>): HeardAgent {
  return { status, output: output?.output ?? null, error: error === null ? null : errorAsData(error) };
}

export function errorAsData({ code, message, hint, retryable }: OrreryError): HeardError {
  return { code, message, hint, retryable };
}

/** Text that is an object or a list in JSON is that too. */
export function readInput(text: string): EnsembleInput {
  if (!/^\s*[[{]/.test(text)) return { value: text, text };
  try {
    return { value: JSON.parse(text) as JsonValue, text };
  } catch {
    return { value: text, text };
  }
}

/** A value as it stands in a text: words as they are, anything else as JSON. */
export function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

export function inputOf(value: JsonValue): EnsembleInput {
  return { value, text: textOf(value) };
}

/** What a program of the user's is given of a turn: `{input, agents, item?, index?, round?, previous?}`. */
export function scopeAsJson({ input, agents, item, round }: Scope): JsonValue {
  return {
    input: input.value,
    agents: agents as unknown as JsonValue,
    ...(item === undefined ? {} : { item: item.value, index: item.index }),
    ...(round === undefined ? {} : { round: round.number, previous: round.previous }),
  };
}
