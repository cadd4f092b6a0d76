import { describe, expect, test } from 'vitest';
import {
  answersFromPrompt,
  type FakeBrain,
  type FakeReply,
  type FakeRequest,
  promptOf,
} from '../../src/testing/index.ts';
import { comparable, expectSameRecords } from './comparable.ts';
import { type DecisionRecord, decisionRecords, runDocument } from './documents.ts';
import {
  candles,
  deadAddress,
  decidedBars,
  type ModelSetup,
  openModelPlace,
  openServer,
  runWords,
} from './model-place.ts';
import { openWorkplace } from './workplace.ts';

interface Followed {
  readonly document: ReturnType<typeof runDocument.parse>;
  readonly records: readonly DecisionRecord[];
  readonly decisions: readonly DecisionRecord[];
  /** Lines on stderr that alert. */
  readonly alerts: readonly string[];
}

/** Its database is made once for all runs but those that are killed. */
const { home } = openWorkplace();
let runs = 0;

/** Runs and reads; expects that no decision is missing or doubled, whatever the models did. */
async function follow(models: ModelSetup): Promise<Followed> {
  const place = openModelPlace(models, { ORRERY_HOME: home });
  const run = `a${++runs}`;
  const { exitCode, stdout, stderr } = await place.run(...runWords(place, run), '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const document = runDocument.parse(JSON.parse(stdout));
  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', run);
  const decisions = records.filter(({ kind }) => kind === 'decision');
  const closes = candles
    .slice(-decidedBars)
    .map(({ time }) => new Date(Date.parse(time) + 3_600_000).toISOString());
  expect(decisions.map(({ at }) => at)).toEqual(closes);
  const { sources } = document;
  expect(Object.values(sources).reduce((sum, count) => sum + count)).toBe(decidedBars);
  expect(sources.llm).toBe(decisions.filter(({ source }) => source === 'llm').length);
  const alerts = stderr.split('\n').filter((line) => line.startsWith('alert:'));
  return { document, records, decisions, alerts };
}

const nonsense = (request: FakeRequest): FakeReply => {
  const reply = answersFromPrompt()(request);
  if (reply.kind !== 'answer') return reply;
  return {
    kind: 'answer',
    answer: { ...reply.answer, keyFactors: [{ text: 'invented', evidence: ['e999'] }] },
  };
};

describe('a model that never answers usably leaves the desk to its rules', () => {
  test.each<[string, FakeBrain | null]>([
    ['nobody listens', null],
    ['every answer is prose', () => ({ kind: 'text', text: 'The market looks great today!' })],
    ['answers cite evidence that was not offered', nonsense],
    [
      'answers are nested without end',
      () => ({ kind: 'text', text: '['.repeat(20_000) + ']'.repeat(20_000) }),
    ],
  ])('%s', async (_, brain) => {
    const baseUrl = brain === null ? await deadAddress() : (await openServer(brain)).baseUrl;
    const { document, records, alerts } = await follow({ providers: { local: baseUrl } });
    expect(document.sources).toMatchObject({ llm: 0, rules: decidedBars });
    for (const record of records) {
      expect(record).toMatchObject({ source: 'rules', fellBack: true });
      expect(record.confidence).toBeLessThanOrEqual(0.3);
      expect(record.rung).toBe(record.kind === 'decision' ? 'rules' : null);
    }
    expect(alerts).toHaveLength(1);
  });
});

describe('a model that fails in part', () => {
  test('the chief is answered by its backup on another server', async () => {
    const server = await openServer(answersFromPrompt());
    const { decisions, alerts } = await follow({
      providers: { dead: await deadAddress(), live: server.baseUrl },
      profiles: { chief: 'dead', 'chief-backup': 'live', analyst: 'live' },
    });
    for (const decision of decisions) {
      expect(decision).toMatchObject({ source: 'llm', rung: 'backup', fellBack: false, provider: 'live' });
    }
    expect(decisions).toHaveLength(decidedBars);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toContain('dead/scripted');
  });

  test('two outages are two alerts; it comes back from the first, and is dead for good in the second', async () => {
    const server = await openServer((request, call) =>
      (call > 10 && call <= 16) || call > 40 ? { kind: 'reset' } : answersFromPrompt()(request),
    );
    const { decisions, records, alerts } = await follow({ providers: { local: server.baseUrl } });
    expect(alerts).toHaveLength(2);
    const asked = records.filter(({ kind, provider }) => kind !== 'proposal' && provider !== null);
    const fellBack = asked.filter((record) => record.fellBack);
    // Five failures open the circuit; of what follows most is turned away, and probes find out when it is over.
    expect(fellBack).toHaveLength(asked.length - (40 - 6));
    expect(server.requests.length).toBeLessThan(asked.length);
    for (const record of fellBack) {
      expect(record.source).toBe('rules');
      expect(record.confidence).toBeLessThanOrEqual(0.3);
    }
    const [began, ended] = [decisions[0], decisions.at(-1)];
    expect(began).toMatchObject({ source: 'llm', rung: 'primary', fellBack: false });
    expect(ended).toMatchObject({ source: 'rules', rung: 'rules', fellBack: true });
  });

  test('one analyst talks nonsense all the time: one alert, and the others go on', async () => {
    const server = await openServer((request) =>
      request.schema?.name === 'technical' ? nonsense(request) : answersFromPrompt()(request),
    );
    const { document, records, alerts } = await follow({ providers: { local: server.baseUrl } });
    for (const record of records.filter(({ agent }) => agent === 'technical')) {
      expect(record).toMatchObject({ source: 'rules', fellBack: true });
    }
    expect(document.sources.llm).toBeGreaterThan(decidedBars / 2);
    expect(alerts).toHaveLength(1);
  });
});

test('kill -9 or Ctrl-C in a call: what was answered is not asked twice, nor paid twice', async () => {
  const steady = await openServer(answersFromPrompt());
  const undisturbed = await follow({ providers: { local: steady.baseUrl } });
  const asked = steady.requests.map(promptOf);

  const endings = new Map([
    [1, 'SIGKILL'],
    [12, 'SIGINT'],
    [23, 'SIGKILL'],
    [51, 'SIGINT'],
  ] as const);
  const server = await openServer(answersFromPrompt());
  const place = openModelPlace({ providers: { local: server.baseUrl } });
  let words = runWords(place, 'a');
  let fresh = 0;
  for (const [moment, signal] of endings) {
    const command = place.begin(...words);
    // The call at which it ends gets no answer; all calls before have theirs.
    const reached = new Promise<void>((resolve) => {
      server.answerWith((request) => {
        if (fresh + 1 === moment) {
          resolve();
          return { kind: 'stall' };
        }
        fresh++;
        return answersFromPrompt()(request);
      });
    });
    await reached;
    command.signal(signal);
    expect((await command.ended).exitCode).toBe(signal === 'SIGINT' ? 1 : null);
    words = ['run', '--resume', 'a'];
  }
  server.answerWith(answersFromPrompt());
  const document = await place.json(runDocument, ...words);
  expect(document.hash).toBe(undisturbed.document.hash);
  expect(document.llm).toEqual(undisturbed.document.llm);
  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
  expectSameRecords(records.map(comparable), undisturbed.records.map(comparable));
  const times = new Map<string, number>();
  for (const question of server.requests.map(promptOf)) {
    times.set(question, (times.get(question) ?? 0) + 1);
  }
  expect([...times.keys()]).toEqual(asked);
  const twice = asked.flatMap((question, index) => (times.get(question) === 1 ? [] : [index + 1]));
  expect(twice).toEqual([...endings.keys()]);
});
