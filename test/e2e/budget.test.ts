import { expect, test } from 'vitest';
import { answersFromPrompt, withFaults } from '../../src/testing/index.ts';
import { decisionRecords, runDocument } from './documents.ts';
import { openModelPlace, openServer, runWords } from './model-place.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import type { Workplace } from './workplace.ts';

/** What the scripted server's 100 and 20 tokens cost. */
const perCall = 0.0006;
/** More than any of the desk's questions may take at most, far less than they all take. */
const cap = 0.03;

async function runOn(place: Workplace, id: string) {
  const { exitCode, stdout, stderr } = await place.run(...runWords(place, id), '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return { document: runDocument.parse(JSON.parse(stdout)), stderr };
}

test('a run spends its budget, then goes on with rules, says why, and replays the same for nothing', async () => {
  const server = await openServer(answersFromPrompt());
  const place = openModelPlace({ providers: { local: server.baseUrl }, budget: { usdPerRun: cap } });
  const { document, stderr } = await runOn(place, 'a');
  expect(document.llm.costUsd).toBeLessThanOrEqual(cap);
  expect(document.llm.costUsd).toBeCloseTo(server.requests.length * perCall, 9);
  expect(document.sources).toMatchObject({ llm: expect.any(Number), rules: expect.any(Number) });
  expect(document.sources.llm).toBeGreaterThan(0);
  expect(document.sources.rules).toBeGreaterThan(0);
  expect(stderr).toMatch(/alert: .*llm\.budget\.usdPerRun \(\$0\.03\) has \$0\.0\d+ left/);
  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
  const last = records.findLast(({ kind }) => kind === 'decision');
  expect(last).toMatchObject({ source: 'rules', rung: 'rules', fellBack: true });
  await server.close();
  const replayed = await place.json(runDocument, 'run', '--replay', 'a', '--id', 'b');
  expect(replayed).toMatchObject({ hash: document.hash, llm: { costUsd: 0 } });
  expect(replayed.llm.recordedCostUsd).toBeCloseTo(document.llm.costUsd, 12);
});

test('after kill -9 in a call the run goes on within the same budget', async () => {
  const server = await openServer(
    withFaults([{ fault: { kind: 'stall' }, from: 9, to: 9 }], answersFromPrompt()),
  );
  const place = openModelPlace({ providers: { local: server.baseUrl }, budget: { usdPerRun: cap } });
  const command = place.begin(...runWords(place, 'a'));
  while (server.requests.length < 9) await new Promise((resolve) => setTimeout(resolve, 20));
  command.signal('SIGKILL');
  await command.ended;
  const resumed = await place.json(runDocument, 'run', '--resume', 'a');
  // One request, the ninth, was sent and never answered: nobody knows what it cost, so its claim stays booked.
  expect(resumed.llm.costUsd).toBeCloseTo((server.requests.length - 1) * perCall, 9);
  expect(resumed.llm.costUsd).toBeLessThanOrEqual(cap);
  expect(resumed.sources.llm).toBeGreaterThan(0);
});

testOnPostgres(
  'a process killed in a call leaves the others of its day all but that call and its block',
  async () => {
    const server = await openServer(
      withFaults([{ fault: { kind: 'stall' }, from: 9, to: 9 }], answersFromPrompt()),
    );
    const environment = { DATABASE_URL: await newSchema() };
    const setup = { providers: { local: server.baseUrl }, budget: { usdPerDay: cap } };
    const [killed, other] = [openModelPlace(setup, environment), openModelPlace(setup, environment)];
    const command = killed.begin(...runWords(killed, 'killed'));
    while (server.requests.length < 9) await new Promise((resolve) => setTimeout(resolve, 20));
    command.signal('SIGKILL');
    await command.ended;
    const { document } = await runOn(other, 'other');
    const spent = document.llm.costUsd + 8 * perCall;
    expect(spent).toBeCloseTo((server.requests.length - 1) * perCall, 9);
    expect(spent).toBeLessThanOrEqual(cap);
    expect(spent).toBeGreaterThan(cap / 2);
  },
);

testOnPostgres('two processes on one database share the budget of the day', async () => {
  const server = await openServer(answersFromPrompt());
  const environment = { DATABASE_URL: await newSchema() };
  const setup = { providers: { local: server.baseUrl }, budget: { usdPerDay: cap } };
  const places = [openModelPlace(setup, environment), openModelPlace(setup, environment)];
  const runs = await Promise.all(places.map((place, at) => runOn(place, `run-${at}`)));
  const spent = runs.reduce((sum, { document }) => sum + document.llm.costUsd, 0);
  expect(spent).toBeCloseTo(server.requests.length * perCall, 9);
  expect(spent).toBeLessThanOrEqual(cap);
  expect(spent).toBeGreaterThan(cap / 2);
});
