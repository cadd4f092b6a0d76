import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askStreamed, plainRequest, secretKey } from '../../../test/ask-provider.ts';
import { createRedact } from '../redact.ts';
import { createProvider } from './create-provider.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-plugin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

let files = 0;
/** Each in a file of its own: one that was run once is not read again. */
function plugin(source: string, ending = 'mjs') {
  const module = join(folder, `${++files}.${ending}`);
  writeFileSync(module, source);
  const settings = { kind: 'plugin', module, apiKeyEnv: 'WIRE_KEY' } as const;
  const redact = createRedact({ providers: { wire: settings }, profiles: {} }, { WIRE_KEY: secretKey });
  return createProvider('wire', settings, secretKey, redact);
}

const answering = (body: string) =>
  plugin(`export default ({ apiKey, redact }) => ({ async chat(request, call) { ${body} } });`);

describe('a plug-in', () => {
  test('in TypeScript answers with a text alone, which is handed out when somebody reads along', async () => {
    const source = 'export default ({ name }: { name: string }) => ({ chat: () => ({ text: name }) });';
    const { answer, pieces } = await askStreamed(plugin(source, 'ts'), true);
    expect(answer).toMatchObject({
      text: 'wire',
      finishReason: 'stop',
      answeredBy: 'some-model',
      promptTokens: 0,
    });
    expect(pieces).toEqual(['wire']);
  });

  test('may hand out pieces, call tools and state its usage', async () => {
    const provider = answering(`
      call.onText?.('The ' + apiKey.slice(0, 9));
      call.onText?.(apiKey.slice(9) + '.');
      const toolCalls = [{ id: 'c', name: 'price', input: { key: apiKey } }];
      return { text: 'The ' + apiKey, toolCalls, promptTokens: 9, cachedPromptTokens: 4 };`);
    const { answer, pieces } = await askStreamed(provider, true);
    expect(pieces).toEqual(['The ', '[redacted].']);
    expect(answer).toMatchObject({
      ...{ text: 'The [redacted]', finishReason: 'tools', promptTokens: 9, cachedPromptTokens: 4 },
      toolCalls: [{ id: 'c', name: 'price', input: { key: '[redacted]' } }],
    });
  });

  test('fails by what it throws, redacted', async () => {
    const provider = answering(`
      call.onText?.('The trend');
      throw Object.assign(new Error('no ' + apiKey), { status: 503, retryable: true, retryAfterMs: 7 });`);
    const { error } = await askStreamed(provider, true);
    expect(error).toMatchObject({
      ...{ code: 'provider-failed', message: 'wire failed: no [redacted]' },
      ...{ status: 503, retryable: true, retryAfterMs: 7, shown: true },
    });
    expect((await askStreamed(answering('throw 5'), false)).error).toMatchObject({
      retryable: false,
      shown: false,
    });
  });

  test.each(['', 'return null', 'return { text: 5 }', "return { text: 'up', promptTokens: -1 }"])(
    'that answers by "%s" has failed',
    async (body) => {
      const { error } = await askStreamed(answering(body), false);
      expect(error).toMatchObject({ code: 'provider-failed', retryable: false });
    },
  );

  test('gives vectors, or says that it has none', async () => {
    const request = { provider: 'wire', model: 'any', texts: ['up', 'down'] };
    const source = (vectors: string) =>
      `export default () => ({ chat() {}, embed: () => ({ vectors: ${vectors} }) });`;
    const embed = (vectors: string) => plugin(source(vectors)).embed!(request);
    expect(await embed('[[1], new Float32Array([2])]')).toEqual({
      ...{ vectors: [Float32Array.of(1), Float32Array.of(2)], promptTokens: 0 },
    });
    await expect(embed('[[1]]')).rejects.toMatchObject({ code: 'provider-failed' });
    await expect(answering('').embed!(request)).rejects.toMatchObject({ code: 'provider-failed' });
  });

  test('that gives up by the caller’s signal ends with the caller’s reason', async () => {
    const reason = new Error('enough');
    const provider = answering('call.signal.throwIfAborted();');
    const call = provider.chat(plainRequest, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });
});

describe('what is no plug-in', () => {
  test.each([
    ['a file without a default export', 'export const chat = 1;', 'does not export a function by default'],
    ['a file that is broken', 'export default (', 'cannot be run'],
    ['a file that throws', "throw new Error('not today');", 'cannot be run: not today'],
    [
      'a function that throws',
      "export default () => { throw new Error('not today'); };",
      'gave no provider: not today',
    ],
    ['a function that gives nothing', 'export default () => {};', 'gives nothing with a function chat'],
  ])('%s is a mistake of the configuration', async (_what, source, words) => {
    await expect(plugin(source).chat(plainRequest)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('export default'),
    });
  });

  test('is a file that is not there', () => {
    const settings = { kind: 'plugin', module: join(folder, 'nowhere.mjs') } as const;
    const create = () =>
      createProvider('wire', settings, null, createRedact({ providers: {}, profiles: {} }, {}));
    expect(create).toThrow('llm.providers.wire.module: there is no file');
  });
});
