import { type Span, type SpanOptions, SpanStatusCode, type TracerProvider, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, test } from 'vitest';
import type { BegunCall, EndedCall } from '../core/index.ts';
import { createSpans } from './create-spans.ts';

const begun: BegunCall = {
  ...{ profile: 'chief', provider: 'gemini', providerKind: 'google', model: 'gemini-2.5-flash' },
  ...{ agent: 'chief', temperature: 0.2, maxTokens: 800, structured: true, streamed: false },
};
const ended: EndedCall = {
  ...{ provider: 'gemini', providerKind: 'google', model: 'gemini-2.5-flash' },
  ...{ answeredBy: 'gemini-2.5-flash-001', finishReason: 'stop', failure: null },
  ...{ promptTokens: 100, responseTokens: 20, cachedPromptTokens: 60, cacheWriteTokens: 0 },
  ...{ latencyMs: 400, costUsd: 0.0006, recording: null, calls: 1, turnedAway: 0, cacheHits: 0 },
};

interface KeptSpan {
  readonly name: string;
  readonly options: SpanOptions;
  readonly attributes: { [name: string]: unknown };
  status: unknown;
  ended: boolean;
}

/** What an SDK would be, as far as it is used here. */
function register(recording = true): readonly KeptSpan[] {
  const spans: KeptSpan[] = [];
  const startSpan = (name: string, options: SpanOptions = {}) => {
    const kept: KeptSpan = {
      name,
      options,
      attributes: { ...options.attributes },
      status: null,
      ended: false,
    };
    spans.push(kept);
    return {
      isRecording: () => recording,
      setAttributes: (more: object) => Object.assign(kept.attributes, more),
      setStatus: (status: unknown) => {
        kept.status = status;
      },
      end: () => {
        kept.ended = true;
      },
    } as unknown as Span;
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) } as unknown as TracerProvider);
  return spans;
}

afterEach(() => trace.disable());

test('follows the conventions for generative AI, without a word of what was said', async () => {
  const spans = register();
  const observer = await createSpans('1.2.3');
  const end = observer!.callBegun(begun);
  expect(spans[0]!.ended).toBe(false);
  end!(ended);
  expect(spans).toMatchObject([
    { name: 'chat gemini-2.5-flash', options: { kind: 2 }, ended: true, status: null },
  ]);
  expect(spans[0]!.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'gcp.gemini',
    'gen_ai.request.model': 'gemini-2.5-flash',
    'gen_ai.request.temperature': 0.2,
    'gen_ai.request.max_tokens': 800,
    'gen_ai.output.type': 'json',
    'gen_ai.agent.name': 'chief',
    'gen_ai.response.model': 'gemini-2.5-flash-001',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 20,
    'gen_ai.usage.cache_read.input_tokens': 60,
    'orrery.profile': 'chief',
    'orrery.provider': 'gemini',
    'orrery.cost_usd': 0.0006,
  });
});

test('a failed question is an error by its code', async () => {
  const [spans, observer] = [register(), await createSpans('1.2.3')];
  observer!.callBegun(begun)!({ ...ended, answeredBy: null, finishReason: null, failure: 'provider-failed' });
  expect(spans[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR }, ended: true });
  expect(spans[0]!.attributes).toMatchObject({ 'error.type': 'provider-failed' });
  expect(spans[0]!.attributes).not.toHaveProperty('gen_ai.response.model');
});

describe('nothing is told', () => {
  test('to a provider that was registered and is gone', async () => {
    const spans = register();
    const observer = await createSpans('1.2.3');
    trace.disable();
    expect(observer?.callBegun(begun) ?? null).toBeNull();
    expect(spans).toHaveLength(0);
  });

  test('to one that samples the span away', async () => {
    register(false);
    expect((await createSpans('1.2.3'))!.callBegun(begun)).toBeNull();
  });
});
