import { register } from 'prom-client';
import { expect, test } from 'vitest';
import type { BegunCall, EndedCall } from '../core/index.ts';
import { createMetrics, type Metrics } from './create-metrics.ts';

const begun: BegunCall = {
  ...{ profile: 'analyst', provider: 'local', providerKind: 'ollama', model: 'any', agent: 'technical' },
  ...{ temperature: null, maxTokens: null, structured: true, streamed: false },
};
const ended: EndedCall = {
  ...{ provider: 'local', providerKind: 'ollama', model: 'any', answeredBy: 'any-1', finishReason: 'stop' },
  ...{ promptTokens: 100, responseTokens: 20, cachedPromptTokens: 60, cacheWriteTokens: 0 },
  ...{
    latencyMs: 400,
    costUsd: 0.0006,
    recording: null,
    calls: 1,
    turnedAway: 0,
    cacheHits: 0,
    failure: null,
  },
};

function tell(metrics: Metrics, end: Partial<EndedCall> = {}, call: Partial<BegunCall> = {}): void {
  metrics.callBegun({ ...begun, ...call })?.({ ...ended, ...end });
}

const labels = 'provider="local",model="any",agent="technical"';

test('adds up calls, tokens, dollars and time by provider, model and agent', async () => {
  const metrics = await createMetrics();
  tell(metrics);
  tell(metrics, { latencyMs: 3_000 });
  const text = await metrics.exposition();
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      `orrery_llm_calls_total{${labels}} 2`,
      `orrery_llm_input_tokens_total{${labels}} 200`,
      `orrery_llm_output_tokens_total{${labels}} 40`,
      `orrery_llm_cached_input_tokens_total{${labels}} 120`,
      `orrery_llm_cost_usd_total{${labels}} 0.0012`,
      `orrery_llm_latency_seconds_bucket{le="0.5",${labels}} 1`,
      `orrery_llm_latency_seconds_sum{${labels}} 3.4`,
      `orrery_llm_cache_misses_total{${labels}} 2`,
    ]),
  );
  expect(text).not.toMatch(/^orrery_llm_failures_total\{/m);
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
});

test('tells failures, answers from the cache and circuits apart', async () => {
  const metrics = await createMetrics();
  tell(metrics, { failure: 'provider-failed', promptTokens: 0, responseTokens: 0 });
  tell(metrics, { failure: 'budget-exceeded', provider: null, model: null, calls: 0 });
  tell(metrics, { calls: 0, cacheHits: 1, costUsd: 0 });
  metrics.circuitChanged?.('local', 'open');
  const lines = (await metrics.exposition()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      `orrery_llm_calls_total{${labels}} 1`,
      `orrery_llm_failures_total{${labels},code="provider-failed"} 1`,
      `orrery_llm_failures_total{${labels},code="budget-exceeded"} 1`,
      `orrery_llm_cache_hits_total{${labels}} 1`,
      'orrery_llm_circuit_state{provider="local"} 2',
    ]),
  );
});

test('keeps the sets of labels bounded', async () => {
  const metrics = await createMetrics({ mostLabelValues: 3 });
  for (let at = 0; at < 50; at++) tell(metrics, { model: `m${at}` }, { agent: `a${at}` });
  const text = await metrics.exposition();
  expect(text.match(/^orrery_llm_calls_total\{/gm)).toHaveLength(4);
  expect(text).toContain('orrery_llm_calls_total{provider="local",model="other",agent="other"} 47');
});

test('has a registry of its own', async () => {
  const [one, other] = [await createMetrics(), await createMetrics()];
  tell(one);
  expect(await other.exposition()).not.toContain(labels);
  expect(await register.metrics()).not.toContain('orrery');
});
