import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../../src/storage/index.ts';
import { answersFromPrompt, type FakeReply, type FakeRequest } from '../../src/testing/index.ts';
import { candleCsv } from './candle-csv.ts';
import { decisionRecords, doctorDocument, errorDocument, runDocument } from './documents.ts';
import { candles, firstDecided, openServer } from './model-place.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const keyOrigins = z.array(
  z.strictObject({
    provider: z.string(),
    source: z.enum(['environment', 'store']),
    variable: z.string().nullable(),
    since: z.iso.datetime().nullable(),
  }),
);

/** Neither looks like a key of a known vendor, so that nothing but knowing them finds them. */
const inEnvironment = 'canary/of-the-shell+1137';
const inStore = 'canary/of-the-store+2249';
const ofNobody = 'canary/of-a-provider-nobody-asks+3359';
const canaries = [inEnvironment, inStore, ofNobody];

describe('keys of providers', () => {
  test('are stored, listed and removed without ever being shown', async () => {
    const place = openWorkplace({ SHELL_KEY: inEnvironment });
    place.write('orrery.yaml', 'llm: { providers: { local: { kind: ollama, apiKeyEnv: SHELL_KEY } } }\n');
    const said: string[] = [];
    const step = async (input: string, ...words: readonly string[]) => {
      const ended = await (input === '' ? place.run(...words) : place.runWithInput(input, ...words));
      said.push(ended.stdout, ended.stderr);
      return ended;
    };
    expect(await step(`${inStore}\n`, 'auth', 'set', 'openrouter')).toMatchObject({
      exitCode: 0,
      stdout: 'stored the key of openrouter\n',
      stderr: expect.stringContaining('no provider "openrouter" is configured'),
    });
    const both = await step(inStore, 'auth', 'set', 'local', '--json');
    expect(JSON.parse(both.stdout)).toMatchObject({ source: 'environment', variable: 'SHELL_KEY' });
    expect(both.stderr).toContain('$SHELL_KEY is set and comes before');
    const listed = await place.json(keyOrigins, 'auth', 'list');
    expect(listed).toEqual([
      { provider: 'local', source: 'environment', variable: 'SHELL_KEY', since: expect.any(String) },
      { provider: 'openrouter', source: 'store', variable: null, since: expect.any(String) },
    ]);
    expect((await step('', 'auth', 'list')).stdout).toMatch(/^openrouter\tstore\t\d{4}-/m);
    expect(await step('', 'auth', 'remove', 'openruter')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean openrouter?'),
    });
    expect((await step('', 'auth', 'remove', 'openrouter')).exitCode).toBe(0);
    expect(await place.json(keyOrigins, 'auth', 'list')).toHaveLength(1);
    expect([...said, ...filesUnder(place.home)].some(holdsCanary)).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['an empty line', '\n'],
    ['two words', `${inStore} ${inStore}`],
    ['two lines', `${inStore}\n${inStore}\n`],
    ['a control character', `${inStore}\u0007`],
  ])('%s is no key', async (_what, input) => {
    const place = openWorkplace();
    const { exitCode, stdout, stderr } = await place.runWithInput(input, 'auth', 'set', 'local', '--json');
    expect(exitCode).toBe(2);
    expect(errorDocument.parse(JSON.parse(stdout)).error.code).toBe('usage-invalid');
    expect(stdout + stderr).not.toContain(inStore);
    expect(await place.json(keyOrigins, 'auth', 'list')).toEqual([]);
  });

  test('of commands at the same time are all kept', async () => {
    const place = openWorkplace({ ORRERY_PASSPHRASE: 'a passphrase of many words' });
    const names = ['one', 'two', 'three', 'four'];
    const ended = await Promise.all(names.map((name) => place.runWithInput(inStore, 'auth', 'set', name)));
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    const listed = await place.json(keyOrigins, 'auth', 'list');
    expect(listed.map(({ provider }) => provider)).toEqual([...names].sort());
  });

  test('that others could read are refused, with the command that closes them', async () => {
    const place = openWorkplace();
    await place.runWithInput(inStore, 'auth', 'set', 'local');
    chmodSync(join(place.home, 'credentials.json'), 0o644);
    const { exitCode, error } = await place.refusal('auth', 'list');
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: 'credentials-exposed',
      hint: expect.stringContaining(`chmod 600 ${join(place.home, 'credentials.json')}`),
    });
  });

  test('lie beside the settings where no home is named', async () => {
    const place = openWorkplace({ ORRERY_HOME: '' });
    await place.runWithInput(inStore, 'auth', 'set', 'local');
    const folder = join(place.home, '../config/orrery');
    expect(readdirSync(folder).sort()).toEqual(['credentials.json', 'credentials.key']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

test('a run whose servers shout its keys leaves them nowhere', async () => {
  const echo = await openServer(shouting);
  const other = await openServer((_request, call) =>
    call % 2 === 0
      ? { kind: 'reset' }
      : { kind: 'http', status: 403, body: `{"error":"${escaped(inStore)}"}` },
  );
  const passphrase = 'a passphrase of many words';
  const place = openWorkplace({ SHELL_KEY: inEnvironment, ORRERY_PASSPHRASE: passphrase });
  const provider = (baseUrl: string) => ({ kind: 'openai-compatible', baseUrl, retries: 0 });
  const providers = {
    shell: { ...provider(echo.baseUrl), apiKeyEnv: 'SHELL_KEY' },
    store: { ...provider(echo.baseUrl), apiKeyEnv: 'NOT_SET' },
    bare: provider(other.baseUrl),
  };
  const profiles = {
    analyst: { provider: 'shell', model: 'any' },
    chief: { provider: 'store', model: 'any' },
    risk: { provider: 'bare', model: 'any' },
  };
  place.write('orrery.yaml', JSON.stringify({ llm: { providers, profiles } }));
  for (const name of ['store', 'bare']) await place.runWithInput(inStore, 'auth', 'set', name);
  await place.runWithInput(ofNobody, 'auth', 'set', 'nobody');

  const data = place.write('ABC_1h.csv', candleCsv(candles));
  const words = ['run', 'solar', '--data', data, '--from', firstDecided, '--id', 'loud'];
  const said: string[] = [];
  const say = async (...command: readonly string[]) => {
    const { stdout, stderr } = await place.run(...command);
    said.push(stdout, stderr);
    return stdout;
  };
  const document = runDocument.parse(JSON.parse(await say(...words, '--json', '--verbose')));
  expect(new Set(echo.requests.map(({ apiKey }) => apiKey))).toEqual(new Set([inEnvironment, inStore]));
  expect(new Set(other.requests.map(({ apiKey }) => apiKey))).toEqual(new Set([inStore]));
  expect(document.sources.llm).toBeGreaterThan(0);

  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'loud');
  expect(records.some(({ reasoning }) => reasoning.includes('[redacted]'))).toBe(true);
  expect(records.some(({ fellBack }) => fellBack)).toBe(true);
  for (const { id } of [...records.slice(0, 4), ...records.slice(-2)]) {
    await say('decisions', 'show', id, '--prompt', '--raw', '--evidence', '--parents');
    await say('decisions', 'show', id, '--json');
  }
  await say('run', '--replay', 'loud', '--json', '--verbose');
  await say('runs', 'list', '--json');
  await say('doctor', '--json');
  await say('auth', 'list', '--json');
  expect(said.join('')).toContain('[redacted]');

  const rows = await everyRow(place);
  expect(
    ['SHELL_KEY', 'with Bearer [redacted], [redacted] and [redacted].'].filter(
      (text) => !rows.includes(text),
    ),
  ).toEqual([]);
  const files = filesUnder(place.home);
  expect(files.some((text) => text.includes('<!doctype html>') || text.includes('<!DOCTYPE html>'))).toBe(
    true,
  );
  const everything = [...said, rows, ...files];
  // Not the texts themselves: they are megabytes, and a failure would print them.
  expect(everything.findIndex(holdsCanary)).toBe(-1);
  expect(everything.findIndex((text) => text.includes(passphrase))).toBe(-1);

  // The same search finds what was planted, so it would have found it there.
  expect(
    [escaped(inStore), `x${inStore}x`, btoa(`:${ofNobody}:`), encodeURIComponent(inEnvironment)].every(
      holdsCanary,
    ),
  ).toBe(true);
});

test('a run without the passphrase of a key it needs says so, once, and begins nothing', async () => {
  const server = await openServer(answersFromPrompt());
  const place = openWorkplace();
  place.write(
    'orrery.yaml',
    JSON.stringify({
      llm: {
        providers: { store: { kind: 'openai-compatible', baseUrl: server.baseUrl } },
        profiles: { analyst: { provider: 'store', model: 'any' } },
      },
    }),
  );
  const locked = openWorkplace({ ORRERY_PASSPHRASE: 'right', ORRERY_HOME: place.home });
  await locked.runWithInput(inStore, 'auth', 'set', 'store');
  const data = place.write('ABC_1h.csv', candleCsv(candles));
  const { exitCode, error } = await place.refusal('run', 'solar', '--data', data, '--from', firstDecided);
  expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'credentials-locked' });
  expect(error.message).toContain('$ORRERY_PASSPHRASE is not set');
  expect(server.requests).toEqual([]);
  const { stdout } = await place.run('doctor', '--json');
  expect(doctorDocument.parse(JSON.parse(stdout)).ok).toBe(false);
});

/** A gateway that says every key it ever saw, in answers as JSON may spell them and in errors. */
function shouting(request: FakeRequest, call: number): FakeReply {
  if (call % 5 === 0)
    return { kind: 'http', status: 401, body: `No key ${inStore} or ${escaped(inEnvironment)}` };
  if (call % 7 === 0) return { kind: 'text', text: `Not JSON, but ${canaries.join()}` };
  const reply = answersFromPrompt()(request);
  if (reply.kind !== 'answer') return reply;
  const reasoning = `Asked with Bearer ${inEnvironment}, ${inStore} and ${ofNobody}.`;
  const answer = { ...reply.answer, reasoning, keyFactors: [{ text: ofNobody, evidence: ['e1'] }] };
  const text = JSON.stringify({ ...reply.answer, ...(call % 2 === 0 ? answer : { reasoning }) });
  return {
    kind: 'text',
    text: canaries.reduce((rest, canary) => rest.replaceAll(canary, escaped(canary)), text),
  };
}

/** As JSON may spell it, partly in escapes. */
function escaped(text: string): string {
  const unicode = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return [...text]
    .map((character, index) => (index % 3 === 1 ? unicode(character) : character.replace('/', '\\/')))
    .join('');
}

/** However it is spelled: as it is, in escapes within escapes, in URLs, in base64 at any offset. */
function holdsCanary(text: string): boolean {
  const decoded = text
    .replace(/\\+u([0-9a-fA-F]{4})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+\//g, '/');
  return canaries.some((canary) =>
    [canary, encodeURIComponent(canary), ...inBase64(canary)].some(
      (spelling) => text.includes(spelling) || decoded.includes(spelling),
    ),
  );
}

/** The characters that are the same whatever stands around it, for each of the three offsets. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + text).toString('base64');
    const begin = Math.ceil((offset * 8) / 6);
    return encoded.slice(begin, Math.floor(((offset + text.length) * 8) / 6));
  });
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

/** What is stored packed is unpacked, or it could not be searched. */
function asText(value: unknown): string {
  if (!(value instanceof Uint8Array)) return JSON.stringify(value) ?? '';
  try {
    return inflateRawSync(value).toString('latin1');
  } catch {
    return Buffer.from(value).toString('latin1');
  }
}

async function everyRow({ home }: Workplace): Promise<string> {
  const database = await openDatabase({ home, url: null, holder: 'a test', access: 'read' });
  const tables = await database.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = current_schema()',
  );
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await database.query<Record<string, unknown>>(`select * from ${name}`);
    rows.push(name, ...found.flatMap(Object.values).map(asText));
  }
  await database.close();
  return rows.join('\n');
}
