import type { CallCost, ModelFailure, OrreryError } from '../core/index.ts';
import type { FilledPrompt } from './fill-prompt.ts';

/** A question to a language model. The answer must fit `schema`. */
export interface Question extends FilledPrompt {
  /** Names the call within the run, e.g. `2310.technical`; a recording is found by it. */
  readonly scope: string;
  readonly profile: string;
  /** The agent's role; also the name of the schema on the wire. */
  readonly role: string;
}

export type Reply =
  /** `cache`: a model said it to the same question before. */
  | {
      readonly kind: 'answered';
      readonly value: unknown;
      readonly source: 'llm' | 'cache';
      readonly cost: CallCost;
    }
  | {
      readonly kind: 'failed';
      readonly error: OrreryError;
      /** The same as a record keeps it. */
      readonly failure: ModelFailure;
      readonly cost: CallCost;
    };

/** Access to models by profile. Whether one is usable is known without a call, so that rules never wait. */
export interface Mind {
  /** The route a profile leads to, e.g. `local/some-model`; null when nothing is configured for it. */
  route(profile: string): string | null;
  /** Never rejects for a provider's failure; rejects when the run is interrupted or a replay cannot go on (missing or altered recording). */
  ask(question: Question): Promise<Reply>;
}

/** What rules cost. */
export const noCost: CallCost = {
  provider: null,
  model: null,
  promptTokens: 0,
  responseTokens: 0,
  latencyMs: 0,
  costUsd: 0,
  recording: null,
};

/** What an agent may be at most sure of when it answers by rules because its provider failed. */
export const fellBackConfidence = 0.3;
