import { expect, test } from 'vitest';
import { createRandom } from '../../src/core/index.ts';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { decisionRecords, fills, orders, runDocument, runSummaries, trades } from './documents.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

// Long enough for several batches of the journal.
const file = candleCsv(walkingCandles({ seed: 21, bars: 3_200 }));

function startWords(place: Workplace): readonly string[] {
  return ['run', 'solar', '--data', place.write('ABC_1h.csv', file), '--from', '2024-01-10', '--id', 'a'];
}

/** Everything the journal says of the run, as programs read it. */
async function everythingOf(place: Workplace): Promise<unknown> {
  const ofRun = ['list', '--run', 'a'];
  return {
    runs: (await place.json(runSummaries, 'runs', 'list')).map(({ startedAt: _startedAt, ...rest }) => rest),
    decisions: await place.json(decisionRecords, 'decisions', ...ofRun),
    orders: await place.json(orders, 'orders', ...ofRun),
    fills: await place.json(fills, 'fills', ...ofRun),
    trades: await place.json(trades, 'trades', ...ofRun),
  };
}

async function undisturbed(environment: { readonly [name: string]: string } = {}) {
  const place = openWorkplace(environment);
  const { timings: _timings, report: _report, instruments: _files, ...figures } = await place.json(
    runDocument,
    ...startWords(place),
  );
  return { figures, everything: await everythingOf(place) };
}

/**
 * Moments at which to kill: as soon as the run has its name, five seeded tenths of the way, and after the last bar, where only
 * the result is still to be written. Each is told by progress, never by time.
 */
function momentsOf(seed: number): readonly (string | RegExp)[] {
  const random = createRandom(seed);
  const tenths = [1, 2, 3, 4, 5, 6, 7, 8, 9].sort((a, b) => a - b);
  while (tenths.length > 5) tenths.splice(Math.floor(random() * tenths.length), 1);
  return [/^run a$/m, ...tenths.map((tenth) => ` ${tenth}0 %`), ' 100 %'];
}

async function killAndResume(place: Workplace, moments: readonly (string | RegExp)[]): Promise<number> {
  let words = startWords(place);
  let killed = 0;
  for (const moment of moments) {
    const command = place.begin(...words);
    await command.says(moment);
    command.signal('SIGKILL');
    const { exitCode } = await command.ended;
    // Who ends before the signal comes has won the race; there is nothing more to kill then.
    if (exitCode !== null) return killed;
    killed++;
    words = ['run', '--resume', 'a'];
  }
  return killed;
}

async function expectSameAfterKills(place: Workplace, environment: { readonly [name: string]: string } = {}) {
  const killed = await killAndResume(place, momentsOf(3));
  expect(killed).toBeGreaterThanOrEqual(6);
  const { figures, everything } = await undisturbed(environment);
  const resumed = await place.json(runDocument, 'run', '--resume', 'a');
  expect(resumed).toMatchObject(figures);
  expect(await everythingOf(place)).toEqual(everything);
}

test.concurrent('kill -9 again and again, then --resume, comes to what an undisturbed run comes to', async () => {
  await expectSameAfterKills(openWorkplace());
});

testOnPostgres('so it does on PostgreSQL', async () => {
  await expectSameAfterKills(openWorkplace({ DATABASE_URL: await newSchema() }));
});

test.concurrent('Ctrl-C finishes the bar, says how to go on, and loses nothing', async () => {
  const place = openWorkplace();
  const command = place.begin(...startWords(place), '--json');
  await command.says(' 10 %');
  command.signal('SIGINT');
  const { exitCode, stdout } = await command.ended;
  expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
    exitCode: 1,
    error: { code: 'interrupted', hint: expect.stringContaining('orrery run --resume a') },
  });
  const [listed] = await place.json(runSummaries, 'runs', 'list');
  expect(listed).toMatchObject({ run: 'a', status: 'interrupted', hash: null });
  expect(listed?.bars).toBeGreaterThan(0);
  const { figures, everything } = await undisturbed();
  expect(await place.json(runDocument, 'run', '--resume', 'a')).toMatchObject(figures);
  expect(await everythingOf(place)).toEqual(everything);
});

test.concurrent('to resume a run that is done prints its document again', async () => {
  const place = openWorkplace();
  const data = place.write('ABC_1h.csv', candleCsv(walkingCandles({ seed: 21, bars: 230 })));
  const document = await place.json(runDocument, 'run', 'solar', '--data', data, '--id', 'a');
  expect(await place.json(runDocument, 'run', '--resume', 'a')).toEqual(document);
});
