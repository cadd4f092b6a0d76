import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfiguration } from '../src/configuration/index.ts';
import { createGateway, resolveProfile } from '../src/llm/index.ts';
import { plainRequest } from './ask-provider.ts';
import { startWireServer, type WireServer } from './wire-server.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/llm.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  );

let cwd = '';
let server: WireServer;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'orrery-llm-page-'));
  server = await startWireServer();
});
afterEach(async () => {
  rmSync(cwd, { recursive: true });
  await server.close();
});

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
  const settings = load(blocks('yaml')[1]!.replace('http://127.0.0.1:9999', server.url));
  writeFileSync(join(cwd, 'my-provider.mjs'), blocks('js')[0]!);
  const environment = { MY_KEY: 'a-key-nobody-may-see-4711' };
  expect(resolveProfile(settings, 'analyst', environment).kind).toBe('usable');
  const gateway = createGateway({ settings, environment, recording: { kind: 'off' } });
  const request = { ...plainRequest, provider: 'mine' };
  server.replyWith({ body: '{"answer":"up, a-key-nobody-may-see-4711","words":1}' });
  const pieces: string[] = [];
  const onText = (piece: string) => void pieces.push(piece);
  const answer = await gateway.within('1.technical').chat(request, { onText });
  expect(answer).toMatchObject({ text: 'up, [redacted]', responseTokens: 1, finishReason: 'stop', calls: 1 });
  expect(pieces.join('')).toBe('up, [redacted]');
  expect(server.requests[0]).toMatchObject({
    path: '/ask',
    headers: { 'x-key': environment.MY_KEY },
    body: { model: 'some-model', question: 'What is the trend?' },
  });
  server.replyWith({ status: 404, body: '' });
  const refused = gateway.within('2.technical').chat(request);
  await expect(refused).rejects.toMatchObject({ message: 'mine failed: it answered 404', status: 404 });
});
