import { type JsonValue, OrreryError } from '../core/index.ts';
import { jsonFault } from '../ensemble/index.ts';
import { excerpt } from '../llm/index.ts';
import type { HideSecrets } from './hide-secrets.ts';

export interface AnswerBytes {
  readonly bytes: Uint8Array;
  readonly format: 'json' | 'text';
  /** Who gave it, as a message begins: `` `lint` printed ``. */
  readonly who: string;
  readonly secrets: HideSecrets;
  /** What there may be to know when there is nothing, or something else than JSON; a message ends with it. */
  readonly aside?: string;
}

/**
 * The output in what somebody else's program said: without the secrets it was told, and never nothing.
 * @throws OrreryError `agent-failed`
 */
export function readAnswer(answer: AnswerBytes): JsonValue {
  const { bytes, format, secrets, aside = '' } = answer;
  const text = decoded(answer);
  if (text.trim() === '') throw wrong(answer, `nothing${aside}`);
  if (format === 'text') return secrets.inText(text.replace(/\r?\n$/, ''));
  const value = parsed(text);
  // What the parser itself says would show what stands there.
  if (value === undefined) {
    const beginning = excerpt(secrets.inText(text.slice(0, 100_000)), 80);
    throw wrong(answer, `what is no single JSON document (${bytes.length} bytes): ${beginning}${aside}`);
  }
  const fault = jsonFault(value);
  if (fault !== null) throw wrong(answer, `JSON that nobody can use: it holds ${secrets.inText(fault)}`);
  return secrets.inJson(value);
}

function decoded(answer: AnswerBytes): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(answer.bytes);
  } catch {
    throw wrong(answer, 'what is no UTF-8');
  }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function wrong({ who, format }: AnswerBytes, what: string): OrreryError {
  return new OrreryError('agent-failed', `${who} ${what}`, {
    hint:
      format === 'json'
        ? 'It must be one JSON document and nothing else; what is meant for people belongs on stderr.'
        : 'It must be a text in UTF-8.',
    retryable: true,
  });
}
