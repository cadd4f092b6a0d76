import type { Attributes, Span } from '@opentelemetry/api';
import type { BegunCall, CallObserver, EndedCall } from '../core/index.ts';

/** Where every copy of OpenTelemetry's API looks for what a program has registered. */
const registered = Symbol.for('opentelemetry.js.api.1');

/**
 * A span for every question, by OpenTelemetry's conventions for generative AI (semantic-conventions-genai, status Development): what
 * was asked of whom, tokens, and the error's code, never a word of prompt or answer. Null when this program has registered nothing
 * that could receive it, so that nobody else loads the API.
 */
export async function createSpans(version: string): Promise<CallObserver | null> {
  if (!(registered in globalThis)) return null;
  const { ProxyTracerProvider, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api');
  const tracer = () => {
    const provider = trace.getTracerProvider();
    // Our own copy's stand-in, behind which there may be nothing: then no span is begun.
    if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('orrery-desk', version);
    return provider.getTracer('orrery-desk', version);
  };
  const finish = (span: Span, end: EndedCall) => {
    span.setAttributes(endAttributes(end));
    if (end.failure !== null) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  return {
    callBegun(call) {
      const heard = tracer();
      if (heard === undefined) return null;
      const attributes = beginAttributes(call);
      const span = heard.startSpan(`chat ${call.model}`, { kind: SpanKind.CLIENT, attributes });
      return span.isRecording() ? (end) => finish(span, end) : null;
    },
  };
}

function beginAttributes(call: BegunCall): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': providerName(call.provider, call.providerKind),
    'gen_ai.request.model': call.model,
    'gen_ai.output.type': call.structured ? 'json' : 'text',
    ...(call.streamed ? { 'gen_ai.request.stream': true } : {}),
    ...(call.temperature === null ? {} : { 'gen_ai.request.temperature': call.temperature }),
    ...(call.maxTokens === null ? {} : { 'gen_ai.request.max_tokens': call.maxTokens }),
    ...(call.agent === '' ? {} : { 'gen_ai.agent.name': call.agent }),
    'orrery.profile': call.profile,
    'orrery.provider': call.provider,
  };
}

function endAttributes(end: EndedCall): Attributes {
  const { provider, providerKind, answeredBy, finishReason, failure } = end;
  return {
    ...(provider === null
      ? {}
      : { 'gen_ai.provider.name': providerName(provider, providerKind), 'orrery.provider': provider }),
    ...(answeredBy === null ? {} : { 'gen_ai.response.model': answeredBy }),
    ...(finishReason === null ? {} : { 'gen_ai.response.finish_reasons': [finishReason] }),
    ...(failure === null ? {} : { 'error.type': failure }),
    'gen_ai.usage.input_tokens': end.promptTokens,
    'gen_ai.usage.output_tokens': end.responseTokens,
    ...(end.cachedPromptTokens === 0
      ? {}
      : { 'gen_ai.usage.cache_read.input_tokens': end.cachedPromptTokens }),
    ...(end.cacheWriteTokens === 0 ? {} : { 'gen_ai.usage.cache_write.input_tokens': end.cacheWriteTokens }),
    'orrery.cost_usd': end.costUsd,
    ...(end.cacheHits === 0 ? {} : { 'orrery.cache_hit': true }),
  };
}

/** The conventions' own word where they have one, else the provider as configured. */
function providerName(provider: string, kind: string | null): string {
  if (kind === 'anthropic' || kind === 'openai') return kind;
  return kind === 'google' ? 'gcp.gemini' : provider;
}
