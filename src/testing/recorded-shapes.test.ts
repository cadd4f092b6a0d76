import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Decoded, eventsOf, put } from '../../test/wire-client.ts';
import { type FakeFormat, type FakeProvider, type FakeReply, startFakeProvider } from './index.ts';

const folder = join(process.env['ORRERY_DATA'] ?? '../shared/data', 'fixtures/llm');
const present = existsSync(folder);
if (!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all') {
  console.warn(`skipped: no provider fixtures in ${folder} (set ORRERY_DATA)`);
}
const onRealData = test.skipIf(!present && process.env['ORRERY_TEST_REQUIRE'] !== 'all');

let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'text', text: 'Prices rise, and go on rising.' }));
});
afterEach(() => server.close());

/** Where something stands in a body, `choices[].message.content`; of an event also its type. */
function pathsOf(value: Decoded, at = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, inner]) => [
    `${at}.${name}`,
    // What a tool is given is its own business.
    ...(name === 'args' || name === 'input' ? [] : pathsOf(inner, `${at}.${name}`)),
  ]);
}

const text: FakeReply = { kind: 'text', text: 'Prices rise, and go on rising.' };
const tools: FakeReply = { kind: 'tools', calls: [{ name: 'price', input: { instrument: 'X' } }] };

const bodies: readonly [FakeFormat, FakeReply, readonly string[]][] = [
  ['openai-chat', text, ['openai-chat/openai-text.json']],
  ['openai-chat', tools, ['openai-chat/openai-text.json', 'openai-compatible-chat/xai-tool-call.json']],
  [
    'openai-responses',
    text,
    ['openai-responses/openai-phase.1.json', 'openai-responses/openai-custom-tool.1.json'],
  ],
  ['anthropic', text, ['anthropic/anthropic-text.json']],
  ['anthropic', tools, ['anthropic/anthropic-tool-no-args.json']],
  ['google', text, ['google/google-text.json']],
  ['google', tools, ['google/google-tool-call.json']],
];
onRealData.each(bodies)(
  'a plain %s body of %o has no field that recorded ones lack',
  async (format, reply, files) => {
    server.answerWith(() => reply);
    const ours = pathsOf(await (await put(server, format)).json());
    const theirs = files.flatMap((file) => pathsOf(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
    expect(ours.filter((path) => !theirs.includes(path))).toEqual([]);
  },
);

const streams: readonly [FakeFormat, FakeReply, readonly string[]][] = [
  ['openai-chat', text, ['openai-chat/azure-model-router.1.chunks.txt']],
  [
    'openai-chat',
    tools,
    ['openai-chat/azure-model-router.1.chunks.txt', 'deepseek-chat/deepseek-tool-call.chunks.txt'],
  ],
  ['anthropic', text, ['anthropic/anthropic-text.chunks.txt']],
  ['anthropic', tools, ['anthropic/anthropic-json-tool.1.chunks.txt']],
  ['google', text, ['google/google-text.chunks.txt']],
  ['google', tools, ['google/google-tool-call.chunks.txt']],
];
onRealData.each(streams)(
  'streamed %s events of %o have no field that recorded ones lack',
  async (format, reply, files) => {
    server.answerWith(() => reply);
    const more = format === 'openai-chat' ? { stream_options: { include_usage: true } } : {};
    const events = await eventsOf(await put(server, format, { stream: true, more }));
    const placed = (event: Decoded) => pathsOf(event).map((path) => `${event.type ?? ''}${path}`);
    const theirs = files.flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .flatMap((line) => placed(JSON.parse(line))),
    );
    expect(
      events
        .filter((event) => event !== '[DONE]')
        .flatMap(placed)
        .filter((path) => !theirs.includes(path)),
    ).toEqual([]);
  },
);
