import { expect, test } from 'vitest';
import { type ChatModel, noChatCost, type Provider } from '../llm/index.ts';
import { createAnthropicProvider } from '../llm/providers/anthropic.ts';
import { createGoogleProvider } from '../llm/providers/google.ts';
import { createOpenAiProvider } from '../llm/providers/openai.ts';
import { createOpenAiCompatible } from '../llm/providers/openai-compatible.ts';
import { checkProvider, type ProviderCheck } from './index.ts';

function faultsOf(checks: readonly ProviderCheck[]): readonly string[] {
  return checks.flatMap(({ name, ok, detail }) => (ok ? [] : [`${name}: ${detail}`]));
}

test.each([
  ['openai-chat', createOpenAiCompatible],
  ['openai-responses', createOpenAiProvider],
  ['anthropic', createAnthropicProvider],
  ['google', createGoogleProvider],
] as const)('our own adapter for %s holds in every case', async (format, create) => {
  const checks = await checkProvider(create, { format });
  expect(faultsOf(checks)).toEqual([]);
  expect(checks.length).toBeGreaterThan(15);
});

/** One that gets everything wrong a provider can. */
function careless({ baseUrl, apiKey }: { baseUrl: string; apiKey: string }): Provider {
  const chat: ChatModel['chat'] = async (request) => {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ model: request.model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(body);
    const text = /"content":"([^"]*)/.exec(body)?.[1] ?? '';
    return {
      ...noChatCost,
      ...{ text, toolCalls: [], finishReason: 'stop', provider: request.provider, model: request.model },
      ...{ answeredBy: request.model, calls: 1, recorded: false },
    };
  };
  return {
    chat,
    embed: async ({ texts }) => ({ vectors: texts.map(() => new Float32Array(3)), promptTokens: 0 }),
  };
}

test('a careless one is told what is wrong, case by case', async () => {
  const faults = faultsOf(await checkProvider(careless, { caseTimeoutMs: 300 }));
  for (const fault of [
    'text: the prompt is "Hello" and should be "Be brief.\\nWhere do prices go?"',
    'tools: checked gave an empty answer',
    'streamed pieces joined are the text: the text came in one piece',
    'usage: the plain usage is',
    'a refusal: checked gave an empty answer',
    '429 is retryable, after as long as the provider asks: the error is not retryable',
    'truncated-json is an error, never an answer: after truncated-json it answered "Nothing',
    'an abort during stall settles: it did not settle within 300 ms',
    'no key in any error: after http it answered',
    'embeddings, where it has them: two texts have one vector',
  ]) {
    expect(faults).toContainEqual(expect.stringContaining(fault));
  }
});

test('one that cannot be made fails every case and throws nothing', async () => {
  const checks = await checkProvider(() => {
    throw new Error('no such provider');
  });
  expect(new Set(checks.map(({ ok, detail }) => `${ok} ${detail}`))).toEqual(
    new Set(['false no such provider']),
  );
});
