import type { AgentParts } from '../src/agents/index.ts';
import type { CallCost } from '../src/core/index.ts';
import { OrreryError } from '../src/core/index.ts';

type Mind = AgentParts['mind'];
export type Question = Parameters<Mind['ask']>[0];

/** What the model behind a question says: an answer, fitting or not, or an {@link OrreryError} as the failure of its provider. */
export type Reply = (question: Question, call: number) => unknown;

export interface ScriptedMind extends Mind {
  /** Every question so far, oldest first. */
  readonly questions: readonly Question[];
}

/** One call's worth of tokens and money, whoever was asked. */
export const oneCall: CallCost = {
  provider: 'local',
  model: 'any',
  promptTokens: 100,
  responseTokens: 20,
  latencyMs: 5,
  costUsd: 0.001,
  recording: null,
};

export const providerDown = () => new OrreryError('provider-failed', 'local answered 503');

/** A mind whose profiles lead where `routes` says (nowhere when not named), that answers as scripted and records each question. */
export function scriptedMind(routes: { readonly [profile: string]: string }, reply: Reply): ScriptedMind {
  const questions: Question[] = [];
  return {
    questions,
    route: (profile) => routes[profile] ?? null,
    async ask(question) {
      questions.push(question);
      const value = reply(question, questions.length);
      const [provider = null, model = null] = (routes[question.profile] ?? '').split('/');
      const cost = { ...oneCall, provider, model };
      return value instanceof OrreryError
        ? {
            kind: 'failed',
            error: value,
            failure: { model: `${provider}/${model}`, code: value.code, message: value.message },
            cost,
          }
        : { kind: 'answered', value, source: 'llm', cost };
    },
  };
}

/** Nothing is configured; to be asked nevertheless is a fault. */
export function noMind(): ScriptedMind {
  return scriptedMind({}, ({ scope }) => {
    throw new Error(`${scope} was asked although nothing is configured`);
  });
}
