import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfiguration } from '../src/configuration/index.ts';
import { createGateway, resolveProfile } from '../src/llm/index.ts';
import { startFakeProvider } from '../src/testing/index.ts';
import { plainRequest } from './ask-provider.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/llm.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  );

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'orrery-llm-page-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function load(yaml: string) {
  writeFileSync(join(cwd, 'orrery.yaml'), yaml);
  return loadConfiguration({ cwd, environment: {}, file: null, overrides: [] }).llm;
}

test('every configuration on docs/llm.md can be read', () => {
  const files = blocks('yaml');
  expect(files).toHaveLength(2);
  for (const yaml of files) expect(Object.keys(load(yaml).profiles).length).toBeGreaterThan(0);
});

test('docs/llm.md has a row for each kind', () => {
  const [, ...rows] = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, kind]) => kind);
  const refused = () => load('llm: { providers: { a: { kind: none } } }');
  expect(refused).toThrow(`expected one of ${rows.join(', ')}`);
});

test('the plug-in on docs/llm.md answers, fails and is redacted', async () => {
  const provider = await startFakeProvider(() => ({ kind: 'text', text: 'up, a-key-nobody-may-see-4711' }));
  try {
    const settings = load(blocks('yaml')[1]!.replace('http://127.0.0.1:9999', provider.baseUrl));
    writeFileSync(join(cwd, 'my-provider.ts'), blocks('ts')[0]!);
    const environment = { MY_KEY: 'a-key-nobody-may-see-4711' };
    expect(resolveProfile(settings, 'analyst', environment).kind).toBe('usable');
    const gateway = createGateway({ settings, environment, recording: { kind: 'off' } });
    const request = { ...plainRequest, provider: 'mine' };
    const pieces: string[] = [];
    const onText = (piece: string) => void pieces.push(piece);
    const answer = await gateway.within('1.technical').chat(request, { onText });
    expect(answer).toMatchObject({ text: 'up, [redacted]', finishReason: 'stop', calls: 1 });
    expect(answer.promptTokens).toBeGreaterThan(0);
    expect(pieces.join('')).toBe('up, [redacted]');
    expect(provider.requests[0]).toMatchObject({ apiKey: environment.MY_KEY, model: 'some-model' });
    provider.answerWith(() => ({ kind: 'http', status: 404, body: 'not here' }));
    const refused = gateway.within('2.technical').chat(request);
    await expect(refused).rejects.toMatchObject({
      message: 'mine failed: it answered 404: not here',
      status: 404,
    });
  } finally {
    await provider.close();
  }
});
