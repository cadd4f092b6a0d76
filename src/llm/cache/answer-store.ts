import type { EpochMs } from '../../core/index.ts';

/** What a model said, in full. */
export interface CachedAnswer {
  readonly text: string;
  /** The model by the provider's own account. */
  readonly answeredBy: string;
  /** When the answer came, on the clock of the desk that asked. */
  readonly knownAt: EpochMs;
  /** The record it was asked for; null outside of a run. */
  readonly askedFor: string | null;
}

/** Where answers are kept, by the key of their question. May forget any of them; what it gives back is what was kept. */
export interface AnswerStore {
  find(key: string): Promise<CachedAnswer | null>;
  /** In place of an earlier answer to that question. */
  keep(key: string, answer: CachedAnswer): Promise<void>;
  close(): Promise<void>;
}

export function writeAnswer({ text, answeredBy, knownAt, askedFor }: CachedAnswer): string {
  return JSON.stringify({ text, answeredBy, knownAt, askedFor });
}

/** @throws Error for what {@link writeAnswer} did not write: others may write where it was kept */
export function readAnswerOf(written: string): CachedAnswer {
  const { text, answeredBy, knownAt, askedFor } = JSON.parse(written);
  if (typeof text !== 'string' || typeof answeredBy !== 'string' || !Number.isFinite(knownAt)) {
    throw new Error('what it holds is no answer');
  }
  return { text, answeredBy, knownAt, askedFor: typeof askedFor === 'string' ? askedFor : null };
}
