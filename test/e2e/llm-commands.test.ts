import { expect, test } from 'vitest';
import { z } from 'zod';
import { answersFromPrompt, promptOf } from '../../src/testing/index.ts';
import { doctorDocument, runDocument } from './documents.ts';
import { candles, deadAddress, openModelPlace, openServer, runWords } from './model-place.ts';
import { openWorkplace } from './workplace.ts';

const price = z.looseObject({ input: z.number(), output: z.number() });
const profiles = z.array(
  z.strictObject({
    ...{ profile: z.string(), provider: z.string(), model: z.string(), usable: z.boolean() },
    ...{ reason: z.string().nullable(), usdPerMillion: price.nullable(), fallback: z.array(z.string()) },
    weights: z.record(z.string(), z.number()),
    standIn: z.string().nullable(),
    key: z.strictObject({
      source: z.enum(['environment', 'store', 'none']),
      variable: z.string().nullable(),
    }),
  }),
);
const ping = z.strictObject({
  ...{ profile: z.string(), provider: z.string().nullable(), model: z.string().nullable(), ok: z.boolean() },
  ...{ answeredBy: z.string().nullable(), latencyMs: z.number(), costUsd: z.number() },
  ...{ inputTokens: z.number(), outputTokens: z.number() },
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});
const pings = z.strictObject({ ok: z.boolean(), profiles: z.array(ping) });
const figures = {
  ...{ calls: z.number(), inputTokens: z.number(), outputTokens: z.number(), costUsd: z.number() },
  ...{ recordedCostUsd: z.number(), cacheHits: z.number(), failures: z.number(), turnedAway: z.number() },
};
const usage = z.strictObject({
  run: z.string().nullable(),
  by: z.string(),
  rows: z.array(z.looseObject(figures)),
  total: z.strictObject(figures),
});

const secret = 'canary-of-the-shell-1137';

async function mixedPlace(environment: { readonly [name: string]: string } = { SHELL_KEY: secret }) {
  const server = await openServer(() => ({ kind: 'text', text: 'here' }));
  const place = openWorkplace(environment);
  const compatible = { kind: 'openai-compatible' };
  const providers = {
    local: { ...compatible, baseUrl: server.baseUrl, apiKeyEnv: 'SHELL_KEY' },
    dead: { ...compatible, baseUrl: await deadAddress() },
    closed: { ...compatible, baseUrl: server.baseUrl, apiKeyEnv: 'NOT_SET' },
  };
  const usdPerMillion = { input: 3, output: 15 };
  const named = {
    analyst: { provider: 'local', model: 'scripted', usdPerMillion, maxTokens: 4_000 },
    chief: { provider: 'dead', model: 'gone', fallback: ['analyst'], weights: { chief: 3, analyst: 1 } },
    risk: { provider: 'closed', model: 'locked' },
  };
  const write = (more: object = {}) =>
    place.write('orrery.yaml', JSON.stringify({ llm: { providers, profiles: named, ...more } }));
  write();
  return { place, server, write };
}

test('profiles say where they lead, or why nowhere, and never a key', async () => {
  const { place, server } = await mixedPlace();
  const listed = await place.json(profiles, 'llm', 'profiles');
  expect(listed).toMatchObject([
    { profile: 'analyst', usable: true, reason: null, usdPerMillion: { input: 3, output: 15 } },
    { profile: 'chief', usable: true, fallback: ['analyst'], usdPerMillion: null, key: { source: 'none' } },
    { profile: 'risk', usable: false, reason: expect.stringContaining('$NOT_SET') },
  ]);
  expect(listed.map(({ weights }) => weights)).toEqual([{}, { chief: 3, analyst: 1 }, {}]);
  expect(listed[0]!.key).toEqual({ source: 'environment', variable: 'SHELL_KEY' });
  const { stdout, stderr } = await place.run('llm', 'profiles');
  expect(stdout).toMatch(/^analyst\tlocal\/scripted\tyes\t\$3\.00\t\$15\.00\t\$SHELL_KEY\t–\t–$/m);
  expect(stdout).toMatch(/^chief\t.*\tanalyst\tchief 3, analyst 1$/m);
  expect(JSON.stringify(listed) + stdout + stderr).not.toContain(secret);
  expect(server.requests).toHaveLength(0);
});

test('a ping asks every profile itself, once, and fails when one does not answer', async () => {
  const { place, server } = await mixedPlace();
  const { exitCode, stdout } = await place.run('llm', 'ping', '--json');
  const { ok, profiles: asked } = pings.parse(JSON.parse(stdout));
  expect({ exitCode, ok }).toEqual({ exitCode: 1, ok: false });
  expect(asked).toMatchObject([
    { profile: 'analyst', ok: true, inputTokens: 100, outputTokens: 20, costUsd: 0.0006, error: null },
    // Not answered by its fallback: it is asked whether this one is there.
    { profile: 'chief', ok: false, answeredBy: null, error: { code: 'provider-failed' } },
    { profile: 'risk', ok: false, provider: null, error: { code: 'configuration-invalid' } },
  ]);
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]!.body).toMatchObject({ max_tokens: 16, model: 'scripted' });

  const alone = await place.run('llm', 'ping', 'analyst');
  expect(alone).toMatchObject({ exitCode: 0, stderr: '' });
  expect(alone.stdout).toMatch(/^analyst\t✓ scripted\tlocal\/scripted\t\d+ ms\t100\t20\t\$0\.0006$/m);
  const locked = await place.run('llm', 'ping', 'risk');
  expect(locked.exitCode).toBe(1);
  expect(locked.stdout).toContain('✕');
  expect(locked.stderr).toContain('$NOT_SET');
});

test('a ping of no such profile names the nearest', async () => {
  const { place } = await mixedPlace();
  const { exitCode, error } = await place.refusal('llm', 'ping', 'analist');
  expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'usage-invalid' });
  expect(error.hint).toContain('Did you mean analyst?');
});

test('a ping keeps to the budget, and is not answered from the cache', async () => {
  const { place, server, write } = await mixedPlace();
  write({ budget: { usdPerCall: 0.000001 } });
  const { exitCode, stdout } = await place.run('llm', 'ping', 'analyst', '--json');
  expect(exitCode).toBe(1);
  expect(pings.parse(JSON.parse(stdout)).profiles[0]!.error).toMatchObject({ code: 'budget-exceeded' });
  expect(server.requests).toHaveLength(0);
  write({ budget: { usdPerDay: 0.01 }, cache: { store: 'database' } });
  for (let time = 0; time < 2; time++) expect((await place.run('llm', 'ping', 'analyst')).exitCode).toBe(0);
  // Nor does the cache answer for it.
  expect(server.requests).toHaveLength(2);
});

test('nothing configured is a sentence, and no error', async () => {
  const place = openWorkplace();
  for (const words of [['profiles'], ['ping'], ['usage']]) {
    const { exitCode, stdout, stderr } = await place.run('llm', ...words);
    expect({ words, exitCode, stdout }).toEqual({ words, exitCode: 0, stdout: '' });
    expect(stderr.trim()).toMatch(/^No .+\.?/);
  }
  expect(await place.json(profiles, 'llm', 'profiles')).toEqual([]);
  expect((await place.refusal('llm', 'usage', '--by', 'moon')).error.hint).toContain(
    'provider, model, agent',
  );
  expect((await place.refusal('llm', 'usage', '--run', 'r_none')).error.code).toBe('run-not-found');
});

test('usage adds up to what the documents of runs say', async () => {
  const answer = answersFromPrompt();
  const server = await openServer((request, call) =>
    call % 10 === 0 ? { kind: 'http', status: 500, body: '{}' } : answer(request),
  );
  const place = openModelPlace({ providers: { local: server.baseUrl } });
  const { llm: first } = await place.json(runDocument, ...runWords(place, 'first'));
  const { llm: bare } = await place.json(runDocument, ...runWords(place, 'bare'), '--no-record');
  const { llm: again } = await place.json(runDocument, 'run', '--replay', 'first', '--id', 'again');
  expect(again).toMatchObject({ costUsd: 0 });

  const one = await place.json(usage, 'llm', 'usage', '--run', 'first', '--by', 'agent');
  const { calls, inputTokens, outputTokens, cacheHits } = first;
  expect(one.total).toMatchObject({ calls, inputTokens, outputTokens, cacheHits, recordedCostUsd: 0 });
  expect(one.total.costUsd).toBeCloseTo(first.costUsd, 9);
  expect(one.total.failures).toBeGreaterThan(0);
  expect(one.rows.map(({ agent }) => agent)).toEqual(expect.arrayContaining(['technical', 'chief']));

  const runs = await place.json(usage, 'llm', 'usage', '--by', 'run');
  expect(runs.rows.map(({ run }) => run)).toEqual(['first', 'bare', 'again']);
  const [, unrecorded, replay] = runs.rows;
  expect(unrecorded).toMatchObject({ calls: bare.calls, inputTokens: bare.inputTokens });
  expect(unrecorded!.costUsd).toBeCloseTo(bare.costUsd, 9);
  // What was only repeated is no spending.
  expect(replay).toMatchObject({ calls: 0, costUsd: 0, inputTokens: 0 });
  expect(replay!.recordedCostUsd).toBeCloseTo(again.recordedCostUsd, 9);

  for (const by of ['provider', 'model', 'day']) {
    const { rows, total } = await place.json(usage, 'llm', 'usage', '--by', by);
    expect(rows).toHaveLength(1);
    expect(total).toEqual(runs.total);
  }
  const { stdout } = await place.run('llm', 'usage', '--by', 'run');
  expect(stdout.split('\n').at(-2)).toMatch(/^in all\t/);
});

test('a run without recordings counts each question as a recorded one does, repairs and failures too', async () => {
  const answer = answersFromPrompt();
  const server = await openServer((request) => {
    const prompt = promptOf(request);
    const first = request.messages.length === 2;
    if (first && request.schema?.name === 'technical') return { kind: 'text', text: 'no JSON' };
    if (request.schema?.name === 'chief' && prompt.length % 3 === 0)
      return { kind: 'http', status: 500, body: '{}' };
    return answer(request);
  });
  const place = openModelPlace({ providers: { local: server.baseUrl } });
  const last = ['--from', candles.at(-8)!.time];
  const { llm: recorded } = await place.json(runDocument, ...runWords(place, 'recorded'), ...last);
  const { llm: bare } = await place.json(runDocument, ...runWords(place, 'bare'), ...last, '--no-record');
  expect({ ...bare, costUsd: 0 }).toEqual({ ...recorded, costUsd: 0 });
  for (const by of ['agent', 'model']) {
    const of = async (run: string) => {
      const { rows, total } = await place.json(usage, 'llm', 'usage', '--run', run, '--by', by);
      // Of sums taken in another order the last digit may differ.
      const rounded = [...rows, total].map((row) => ({ ...row, costUsd: row.costUsd.toFixed(9) }));
      return rounded.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
    };
    expect(await of('bare')).toEqual(await of('recorded'));
  }
  const { total } = await place.json(usage, 'llm', 'usage', '--run', 'bare');
  expect(total).toMatchObject({ calls: recorded.calls, inputTokens: recorded.inputTokens });
  expect(total.failures).toBeGreaterThan(0);
});

test('doctor has a check for each provider, and one for prices', async () => {
  const { place, write } = await mixedPlace();
  const { ok, checks } = await place.json(doctorDocument, 'doctor');
  expect(ok).toBe(true);
  const of = (name: string) => checks.find((check) => check.name === `provider ${name}`);
  expect(of('local')).toMatchObject({ ok: true, hint: null, detail: expect.stringContaining('$SHELL_KEY') });
  expect(of('dead')!.detail).toContain('asked by chief');
  expect(of('closed')).toMatchObject({
    detail: expect.stringContaining('$NOT_SET is not set'),
    hint: expect.stringContaining('orrery auth set closed'),
  });

  const prices = async () => {
    const all = (await place.json(doctorDocument, 'doctor')).checks;
    return all.filter(({ detail }) => detail.includes('price'));
  };
  const detail = 'no price is known for chief (dead/gone), so calls there count as free';
  expect(await prices()).toMatchObject([{ name: 'prices', ok: true, detail }]);
  write({ budget: { usdPerRun: 1 } });
  expect(await prices()).toMatchObject([
    { name: 'prices', detail: `${detail} and no budget in dollars holds them back` },
  ]);
});

test('a profile that leads nobody knows where is refused, and nobody is asked', async () => {
  const { place, server } = await mixedPlace();
  for (const key of ['fallback=[analist]', 'weights={ analist: 1 }']) {
    const words = ['llm', 'ping', '--set', `llm.profiles.chief.${key}`];
    const { exitCode, error } = await place.refusal(...words);
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'configuration-invalid' });
    expect(error.message).toContain(
      'names `analist`, which is not under `llm.profiles`; did you mean `analyst`?',
    );
  }
  expect(server.requests).toHaveLength(0);
});
