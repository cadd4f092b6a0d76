import { expect, test } from 'vitest';
import { answersFromPrompt } from '../../src/testing/index.ts';
import { runDocument } from './documents.ts';
import { candles, deadAddress, openModelPlace, openServer, runWords } from './model-place.ts';

const bars = 6;
const lastBars = ['--from', candles.at(-bars)!.time];
const usdPerMillion = { input: 3, output: 15 };

/** What the summary, the JSON and the report of a run say of who decided. */
async function played(place: ReturnType<typeof openModelPlace>, id: string) {
  const { exitCode, stdout, stderr } = await place.run(...runWords(place, id), ...lastBars);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const document = JSON.parse((await place.run('run', '--resume', id, '--json')).stdout);
  runDocument.parse(document);
  return { stdout, stderr, document };
}

test('a backup that answers for a chosen model that never did is named wherever the result is', async () => {
  const answer = answersFromPrompt();
  const chatty = await openServer(() => ({ kind: 'text', text: 'It all looks rather good.' }));
  const good = await openServer(answer);
  const place = openModelPlace({
    providers: { chosen: chatty.baseUrl, local: good.baseUrl },
    profiles: { chief: 'chosen', analyst: 'local', 'chief-backup': 'local' },
  });
  const { stdout, stderr, document } = await played(place, 'a');
  const words = `llm ${bars} (${bars} by the backup local/scripted) of ${bars}; none fell back to rules`;
  expect(stdout).toContain(words);
  expect(document.sources.llm).toBe(bars);
  expect(document).toMatchObject({
    answeredBy: [
      { source: 'llm', model: 'local/scripted', rung: 'backup', decisions: bars, standIn: 'backup' },
    ],
    fellBackFor: {},
  });
  expect(stderr).toMatch(/alert: chosen\/scripted answers, but nothing that can be used/);
  expect(stderr).not.toContain('does not answer');
  const shown = await place.run('decisions', 'show', `a.${bars}`);
  expect(shown.stdout).toContain('chief asked chosen/scripted: answer-invalid');

  const { stdout: usage } = await place.run('llm', 'usage', '--run', 'a', '--by', 'provider', '--json');
  const chosen = JSON.parse(usage).rows.find(({ provider }: { provider: string }) => provider === 'chosen');
  expect(chosen).toMatchObject({ calls: 2 * bars, failures: 2 * bars, turnedAway: 0 });
  const before = JSON.parse((await place.run('llm', 'usage', '--json')).stdout).total;
  await place.run('run', '--replay', 'a');
  const after = JSON.parse((await place.run('llm', 'usage', '--json')).stdout).total;
  expect({ ...after, recordedCostUsd: 0 }).toEqual({ ...before, recordedCostUsd: 0 });
});

test('a profile without its key is answered by its fallback, which is told, and replays without any key', async () => {
  const good = await openServer(answersFromPrompt());
  const place = openModelPlace({ providers: { local: good.baseUrl } });
  const local = { kind: 'openai-compatible', baseUrl: good.baseUrl };
  const model = { model: 'scripted', usdPerMillion };
  const llm = {
    providers: { local, claude: { kind: 'anthropic', apiKeyEnv: 'NOT_SET' } },
    profiles: {
      analyst: { provider: 'local', ...model },
      chief: { provider: 'claude', ...model, model: 'some-model', fallback: ['analyst'] },
    },
  };
  place.write('orrery.yaml', JSON.stringify({ llm }));
  const { stdout, stderr, document } = await played(place, 'a');
  expect(stderr).toMatch(
    /Not configured: \$NOT_SET.* Profile analyst \(local\/scripted\) answers in its place\./,
  );
  expect(stdout).toContain(`llm ${bars} (${bars} by the fallback local/scripted) of ${bars}`);
  expect(document.llm.costUsd).toBeGreaterThan(0);
  await good.close();
  const replayed = await place.json(runDocument, 'run', '--replay', 'a');
  expect(replayed.hash).toBe(document.hash);

  const doctor = await place.run('doctor');
  expect(doctor.exitCode).toBe(0);
  expect(doctor.stdout).toMatch(/^! provider claude: .*lacks its key/m);
  expect(doctor.stdout).toMatch(/^! profile chief: answered by analyst/m);
  const ping = await place.run('llm', 'ping', '--set', 'llm.profiles.analyst.provider=claude');
  expect(ping).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('! not configured') });
});

test('a budget that is spent is told once, and apart from failures', async () => {
  const good = await openServer(answersFromPrompt());
  const place = openModelPlace({ providers: { local: good.baseUrl }, budget: { usdPerRun: 0.03 } });
  const { exitCode, stdout, stderr } = await place.run(...runWords(place, 'a'));
  expect(exitCode).toBe(0);
  expect(stderr.match(/alert: /g)).toHaveLength(1);
  expect(stderr).toMatch(/alert: the budget of this run is spent: .*llm\.budget\.usdPerRun/);
  expect(stderr).toMatch(/estimate: .*, spent after about \d+ bars? of 30/);
  expect(stdout).toMatch(/; \d+ by rules because the budget was spent\n/);
  expect(stdout).not.toContain('because a model failed');
  const shown = await place.run('decisions', 'show', 'a.30');
  expect(shown.stdout).toContain('by rules: fell back, the budget was spent');
  expect(shown.stdout).toMatch(
    /✕ chief asked local\/scripted: budget-exceeded: the budget of this run\s+is spent/,
  );
});

test('questions turned away from a dead provider are no calls', async () => {
  const place = openModelPlace({ providers: { local: await deadAddress() } });
  const { document } = await played(place, 'a');
  const { calls, turnedAway } = document.llm;
  expect(turnedAway).toBeGreaterThan(0);
  expect(calls).toBeGreaterThanOrEqual(5);
  const rows = JSON.parse((await place.run('llm', 'usage', '--by', 'run', '--json')).stdout).rows;
  expect(rows).toMatchObject([{ run: 'a', calls, turnedAway, failures: calls }]);
  const replayed = JSON.parse((await place.run('run', '--replay', 'a', '--json')).stdout);
  expect(replayed.llm).toMatchObject({ calls, turnedAway });
});
