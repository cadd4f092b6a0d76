import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type EnsembleDocument, readInput, textOf } from '../src/ensemble/index.ts';
import { createOrrery } from '../src/orrery/index.ts';
import { answersFromPrompt, type FakeProvider, promptOf, startFakeProvider } from '../src/testing/index.ts';
import { candleCsv, walkingCandles } from './e2e/candle-csv.ts';

let folder: string;
let server: FakeProvider;
let candles: string;
const code = readFileSync(new URL('../src/core/nearest-word.ts', import.meta.url), 'utf8');
const research = JSON.stringify({ question: 'Does it rain?', sources: ['It rains.', 'It does not.'] });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-shipped-'));
  server = await startFakeProvider(answersFromPrompt());
  candles = join(folder, 'ABC_1h.csv');
  writeFileSync(candles, candleCsv(walkingCandles({ seed: 5, bars: 300 })));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** With a model for every profile, for those given, or for none. */
function play(
  ensemble: string,
  input: string,
  profiles: readonly string[],
  warn: (text: string) => void = () => undefined,
): Promise<EnsembleDocument> {
  const settings = {
    providers: { local: { kind: 'openai-compatible', baseUrl: server.baseUrl, retries: 0 } },
    profiles: Object.fromEntries(profiles.map((name) => [name, { provider: 'local', model: 'any' }])),
  };
  const orrery = createOrrery({
    ...{ cwd: folder, configFile: null, observers: [] },
    environment: { PATH: process.env['PATH'], ORRERY_HOME: join(folder, 'home') },
    overrides: profiles.length === 0 ? [] : [`llm=${JSON.stringify(settings)}`],
    notices: { warn, alert: () => undefined },
  });
  return orrery.withEnsemble(ensemble, { fresh: true }, ({ invoke }) => invoke(readInput(input)));
}

const sourcesOf = ({ agents }: EnsembleDocument, kind: string) =>
  new Set(
    Object.values(agents)
      .filter((agent) => agent.kind === kind && agent.status === 'ok')
      .map(({ source }) => source),
  );

describe.each([
  ['code-review', () => code, /by rules alone/],
  ['market-brief', () => candles, /By rules, not by a model, at the close of /],
  ['decision-pipeline', () => candles, /"reasoning":/],
])('%s', (name, input, said) => {
  test('works without a model, and says so', async () => {
    const document = await play(name, input(), []);
    expect(document.status).toBe('completed');
    expect(sourcesOf(document, 'llm')).toEqual(new Set(['rules']));
    expect(JSON.stringify(document.output)).toMatch(said);
  });

  test('asks models where there are any', async () => {
    const document = await play(name, input(), ['analyst', 'risk', 'chief']);
    expect(document.agents).toSatisfy((agents: EnsembleDocument['agents']) =>
      Object.values(agents).every(({ status }) => status === 'ok' || status === 'skipped'),
    );
    expect(document.status).toBe('completed');
    expect(sourcesOf(document, 'llm')).toEqual(new Set(['llm']));
  });

  test('puts everything its prompts have a place for on the wire', async () => {
    const before = server.requests.length;
    const document = await play(name, input(), ['analyst', 'risk', 'chief']);
    const prompts = server.requests.slice(before).map(promptOf);
    const asked = Object.values(document.agents).filter(({ source }) => source === 'llm');
    expect(prompts).toHaveLength(asked.length);
    for (const [agent, places] of placesIn(name)) {
      if (document.agents[agent]?.source !== 'llm') continue;
      const values = places.map((place) => valueAt(place, input(), document));
      expect(prompts).toSatisfy((sent: readonly string[]) =>
        sent.some((prompt) => values.every((value) => prompt.includes(value))),
      );
    }
  });
});

/** Of each agent of an ensemble that has a prompt. */
function placesIn(name: string): ReadonlyMap<string, readonly string[]> {
  const read = (path: string) => readFileSync(new URL(`../ensembles/${path}`, import.meta.url), 'utf8');
  const { agents } = parse(read(`${name}.yaml`)) as { agents: { name: string; prompt?: string }[] };
  return new Map(
    agents.flatMap(({ name: agent, prompt }) => {
      if (prompt === undefined) return [];
      return [[agent, [...read(prompt).matchAll(/\{\{(\S+?)\}\}/g)].map(([, place]) => place!)]];
    }),
  );
}

function valueAt(place: string, input: string, { agents }: EnsembleDocument): string {
  return place === 'input' ? input : textOf(agents[place.replace('agents.', '')]!.output);
}

test('a review whose reviewer is down is partial, and the others are unharmed', async () => {
  const down = await startFakeProvider((request) =>
    request.schema?.name === 'security'
      ? { kind: 'http', status: 503, body: '{}' }
      : answersFromPrompt()(request),
  );
  const settings = {
    providers: { local: { kind: 'openai-compatible', baseUrl: down.baseUrl, retries: 0 } },
    profiles: { analyst: { provider: 'local', model: 'any' } },
  };
  const orrery = createOrrery({
    ...{ cwd: folder, configFile: null, overrides: [`llm=${JSON.stringify(settings)}`] },
    environment: { PATH: process.env['PATH'], ORRERY_HOME: join(folder, 'home') },
    notices: { warn: () => undefined, alert: () => undefined },
  });
  const document = await orrery.withEnsemble('code-review', {}, ({ invoke }) => invoke(readInput(code)));
  await down.close();
  expect(document.status).toBe('partial');
  expect(document.agents['security']).toMatchObject({ status: 'failed', error: { code: 'provider-failed' } });
  expect(document.agents['review']?.status).toBe('ok');
  // The editor was told who is missing, instead of hearing nothing.
  expect(down.requests.map(promptOf).some((prompt) => prompt.includes('[security failed: '))).toBe(true);
});

describe.each(['market-brief', 'decision-pipeline'])('%s', (name) => {
  test.each([
    ['misspelt', 'nofile.csv', 'file-not-found', 'there is no file of candles "nofile.csv"'],
    ['the candles themselves', 'time,close\n1,2\n', 'agent-failed', 'no path of a file'],
  ])('of a file that is %s fails, and asks no model', async (_what, input, code, message) => {
    for (const profiles of [[], ['analyst', 'risk', 'chief']]) {
      const before = server.requests.length;
      const document = await play(name, input, profiles);
      expect(document).toMatchObject({
        ...{ status: 'failed', output: null },
        error: { code, message: expect.stringContaining(message) },
      });
      expect(server.requests).toHaveLength(before);
    }
  });

  test('of too few bars says so', async () => {
    const few = join(folder, 'FEW_1h.csv');
    writeFileSync(few, candleCsv(walkingCandles({ seed: 5, bars: 10 })));
    const document = await play(name, few, []);
    expect(JSON.stringify(document.output)).toContain('not enough bars');
  });
});

test('a profile that is not given is told once for a run, with who answers', async () => {
  const file = join(folder, 'two.yaml');
  const agent = (name: string) =>
    `  - { name: ${name}, kind: llm, question: "{{input}}", profile: analist }\n`;
  writeFileSync(
    file,
    `ensemble: two\nagents:\n${agent('a')}${agent('b')}output: { template: "{{agents.a}}" }\n`,
  );
  const told: string[] = [];
  await play(file, 'hello', ['analyst', 'risk'], (text) => told.push(text));
  expect(new Set(told)).toEqual(
    new Set(['there is no profile "analist", and "analyst" answers for it; did you mean "analyst"?']),
  );
});

test('a review of nothing asks nobody, and fails', async () => {
  const before = server.requests.length;
  const document = await play('code-review', '', ['analyst', 'risk', 'chief']);
  expect(document).toMatchObject({ status: 'failed', output: null, error: { code: 'agent-skipped' } });
  expect(server.requests).toHaveLength(before);
});

test('a review by rules counts lines as editors do', async () => {
  const document = await play('code-review', 'let a = 1;\nlet b = 2;\n', []);
  expect(document.output).toContain('2 lines checked for correctness');
});

test('a pipeline asks only the strategists that suit the market, and says what that saved', async () => {
  const document = await play('decision-pipeline', candles, ['analyst', 'risk', 'chief']);
  const { routing } = document;
  const asked = Object.values(document.agents).filter(({ source }) => source === 'llm').length;
  expect(routing?.taken['route']?.length).toBeGreaterThan(0);
  expect(routing?.callsSaved).toBe(routing?.spared.length);
  expect(document.usage.calls).toBe(asked);
});

test('research needs a model, and says so before anything is asked', async () => {
  const before = server.requests.length;
  await expect(play('research-synthesis', research, [])).rejects.toMatchObject({
    code: 'model-not-configured',
    message: expect.stringContaining('no profile "analyst"'),
  });
  expect(server.requests).toHaveLength(before);
  const document = await play('research-synthesis', research, ['analyst', 'chief']);
  expect(document.status).toBe('completed');
  const prompts = server.requests.slice(before).map(promptOf).join('\n');
  for (const words of ['Does it rain?', 'It rains.', 'It does not.']) expect(prompts).toContain(words);
});
