import { expect, test } from 'vitest';
import { answersFromPrompt, type FakeProvider } from '../../src/testing/index.ts';
import type { Command } from './command.ts';
import { decisionRecords, runDocument, runSummaries, shownDecision } from './documents.ts';
import { decidedBars, openModelPlace, openServer, runWords } from './model-place.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import type { Workplace } from './workplace.ts';

/** Begins the run `a` and lets it wait for its model's 31st answer, which never comes: it is alive for as long as it is needed. */
async function beginEndlessRun(place: Workplace, server: FakeProvider): Promise<Command> {
  const waiting = new Promise<void>((resolve) => {
    server.answerWith((request, call) => {
      if (call <= 30) return answersFromPrompt()(request);
      resolve();
      return { kind: 'stall' };
    });
  });
  const command = place.begin(...runWords(place, 'a'));
  await Promise.race([waiting, command.ended]);
  return command;
}

test('others read while a run is alive, nobody else runs, and a dead holder is succeeded', async () => {
  const server = await openServer(answersFromPrompt());
  const place = openModelPlace({ providers: { local: server.baseUrl } });
  const alive = await beginEndlessRun(place, server);

  const [listed] = await place.json(runSummaries, 'runs', 'list');
  expect(listed).toMatchObject({ run: 'a', status: 'running', hash: null });
  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
  const decisions = records.filter(({ kind }) => kind === 'decision');
  expect(decisions.length).toBeGreaterThan(8);
  expect(listed?.bars).toBe(decisions.length);
  const shown = await place.json(shownDecision, 'decisions', 'show', decisions[0]?.id ?? '');
  expect(shown.prompt).toContain('Evidence:');

  const second = await place.run(...runWords(place, 'b'));
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toMatch(/^error: .*"orrery run a" \(process \d+, since /m);
  const resumed = await place.refusal('run', '--resume', 'a');
  expect(resumed).toMatchObject({ exitCode: 1, error: { code: 'home-locked', retryable: true } });

  alive.signal('SIGKILL');
  await alive.ended;
  expect(await place.json(runSummaries, 'runs', 'list')).toMatchObject([{ run: 'a', status: 'interrupted' }]);
  server.answerWith(answersFromPrompt());
  const other = await place.json(runDocument, ...runWords(place, 'b'));
  const first = await place.json(runDocument, 'run', '--resume', 'a');
  expect(first).toMatchObject({ decisions: decidedBars, hash: other.hash });
});

testOnPostgres('on PostgreSQL two runs go on side by side, but one is never run twice at once', async () => {
  const server = await openServer(answersFromPrompt());
  const place = openModelPlace({ providers: { local: server.baseUrl } }, { DATABASE_URL: await newSchema() });
  const alive = await beginEndlessRun(place, server);
  const refused = await place.refusal('run', '--resume', 'a');
  expect(refused).toMatchObject({ exitCode: 1, error: { code: 'run-alive', retryable: true } });
  server.answerWith(answersFromPrompt());
  const other = await place.json(runDocument, ...runWords(place, 'b'));
  expect(await place.json(runSummaries, 'runs', 'list')).toMatchObject([
    { run: 'a', status: 'running' },
    { run: 'b', status: 'done' },
  ]);
  alive.signal('SIGKILL');
  await alive.ended;
  expect((await place.json(runSummaries, 'runs', 'list'))[0]).toMatchObject({ status: 'interrupted' });
  expect((await place.json(runDocument, 'run', '--resume', 'a')).hash).toBe(other.hash);
});
