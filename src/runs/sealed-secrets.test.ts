import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecisionRecord } from '../core/index.ts';
import { createOrrery } from '../orrery/index.ts';
import { openDatabase } from '../storage/index.ts';
import { answersFromPrompt, type FakeProvider, startFakeProvider } from '../testing/index.ts';

const key = 'a-key-nobody-may-see-4711';
const folder = mkdtempSync(join(tmpdir(), 'orrery-secrets-'));
const home = join(folder, 'home');

let server: FakeProvider;
beforeAll(async () => {
  // A gateway that prints the key it was shown, in answers and in errors.
  server = await startFakeProvider((request, call) => {
    if (call % 5 === 0) return { kind: 'http', status: 401, body: `Your key ${key} is wrong` };
    const reply = answersFromPrompt()(request);
    if (reply.kind !== 'answer') return reply;
    return { kind: 'answer', answer: { ...reply.answer, reasoning: `Asked with Bearer ${key}.` } };
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const desk = `
desk: small
instruments: [SYN-A]
timeframe: 1h
capital: 10000
agents: [{ name: technical, role: technical, moons: [ema-50, ema-200, rsi-14, atr-14] }]
chief: {}
`;

async function everyRow(): Promise<string> {
  const database = await openDatabase({ home, url: null, holder: 'a test', access: 'read' });
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = current_schema()`,
  );
  const rows: string[] = [];
  for (const { name } of tables)
    rows.push(name, JSON.stringify(await database.query(`select * from ${name}`)));
  await database.close();
  return rows.join('\n');
}

test('a run with a key in its environment leaves the key nowhere', async () => {
  mkdirSync(join(folder, 'desks'));
  writeFileSync(join(folder, 'desks', 'small.yaml'), desk);
  const configFile = join(folder, 'orrery.yaml');
  writeFileSync(
    configFile,
    `llm:
  providers: { local: { kind: openai-compatible, baseUrl: "${server.baseUrl}", apiKeyEnv: LOCAL_KEY, retries: 0 } }
  profiles: { analyst: { provider: local, model: any } }
`,
  );
  const told: string[] = [];
  const orrery = createOrrery({
    cwd: folder,
    environment: { ORRERY_HOME: home, LOCAL_KEY: key },
    notices: { warn: (text) => told.push(text), alert: (text) => told.push(text) },
    configFile,
    overrides: [],
  });
  const to = Date.UTC(2024, 0, 1) + 256 * 3_600_000;
  const ending = await orrery.run(
    { desk: 'small', data: null, from: null, to, seed: 1, record: true, run: 'secret' },
    { stop: new AbortController().signal },
  );

  expect(server.requests.length).toBeGreaterThan(5);
  expect(new Set(server.requests.map(({ apiKey }) => apiKey))).toEqual(new Set([key]));
  expect(told.join('\n')).toMatch(/\[redacted\]/);
  expect(told.join('\n')).not.toContain(key);
  expect(ending.kind).toBe('done');

  const stored = await orrery.read(async ({ journal, recording }) => {
    const run = await journal.findRun('secret');
    const records: DecisionRecord[] = [];
    for await (const record of journal.records('secret')) records.push(record);
    const ids = records.flatMap((record) => record.recording ?? []);
    return { run, records, recordings: await Promise.all(ids.map((id) => recording(id))) };
  });
  // The search must be able to find what is there: the name of the variable, and the redacted answers.
  expect(JSON.stringify(stored.run.settings)).toContain('LOCAL_KEY');
  expect(JSON.stringify(stored.records)).toContain('[redacted]');
  expect(stored.recordings.length).toBeGreaterThan(3);
  expect(JSON.stringify(stored)).not.toContain(key);

  // And whatever else stands in the database, in tables that nobody reads here.
  const tables = await everyRow();
  expect(tables).toContain('LOCAL_KEY');
  expect(tables).toContain('orrery_recording');
  expect(tables).not.toContain(key);
});

test('a password in the address of a provider nobody uses is refused before anything is kept', () => {
  const configFile = join(folder, 'password.yaml');
  writeFileSync(
    configFile,
    'llm: { providers: { spare: { kind: openai, baseUrl: "https://me:canary@example.com/v1" } } }\n',
  );
  const notices = { warn: () => undefined, alert: () => undefined };
  const environment = { ORRERY_HOME: home };
  const create = () => createOrrery({ cwd: folder, environment, notices, configFile, overrides: [] });
  expect(create).toThrow(expect.objectContaining({ code: 'configuration-invalid' }));
  expect(create).not.toThrow(/canary/);
});

test('a desk with a role that is not built runs without it, and says that it lacks it', async () => {
  const file = join(folder, 'later.yaml');
  writeFileSync(
    file,
    desk
      .replace('agents: [', 'agents: [{ name: book, role: order-book }, ')
      .replace('desk: small', 'desk: later'),
  );
  const warnings: string[] = [];
  const notices = { warn: (text: string) => void warnings.push(text), alert: () => undefined };
  const environment = { ORRERY_HOME: join(folder, 'later') };
  const orrery = createOrrery({ cwd: folder, environment, notices, configFile: null, overrides: [] });
  const request = {
    desk: file,
    data: null,
    from: null,
    to: Date.UTC(2024, 0, 12),
    seed: 1,
    record: true,
    run: 'later',
  };
  const ending = await orrery.run(request, { stop: new AbortController().signal });
  expect(ending.kind).toBe('done');
  expect(warnings.join()).toContain('not available in this version: role order-book (agent book)');
  const last = await orrery.read(async ({ journal }) => {
    let found: DecisionRecord | null = null;
    for await (const record of journal.records('later', { kind: 'decision' })) found = record;
    return found as DecisionRecord | null;
  });
  expect(last?.missing).toEqual([{ name: 'book', reason: 'not-configured' }]);
});
