import type { AgentOutcome, EnsembleDocument } from '../src/ensemble/index.ts';

/** How an agent fared: well, unless told otherwise. */
export function sampleOutcome(given: Partial<AgentOutcome> = {}): AgentOutcome {
  return {
    ...{ kind: 'llm', status: 'ok', output: 'fine', error: null, latencyMs: 1_234.4, source: 'llm' },
    ...{ provider: 'local', model: 'some-model', promptTokens: 100, responseTokens: 20, costUsd: 0.0006 },
    ...given,
  };
}

/** A review with one reader out of reach. */
export function sampleEnsembleDocument(given: Partial<EnsembleDocument> = {}): EnsembleDocument {
  const error = {
    ...{ code: 'provider-failed', message: 'local answered 503 | <b>busy</b>.', hint: 'Wait.' },
    retryable: true,
  };
  const nothing = { provider: null, model: null, promptTokens: 0, responseTokens: 0, costUsd: 0 };
  return {
    ...{ ensemble: 'review', run: 'e_TEST', status: 'partial' },
    phases: [['reader', 'lint'], ['judge']],
    agents: {
      reader: sampleOutcome({ ...nothing, status: 'failed', output: null, error, source: null }),
      lint: sampleOutcome({ ...nothing, kind: 'script', source: 'script', output: ['x'], latencyMs: 48 }),
      judge: sampleOutcome({ output: 'Good code.' }),
    },
    ...{ output: 'Good code.', error: null },
    usage: { calls: 2, cacheHits: 0, promptTokens: 100, responseTokens: 20, costUsd: 0.1 + 0.2 },
    timings: { totalMs: 2_468.8, sequentialMs: 2_516.8 },
    ...given,
  };
}
