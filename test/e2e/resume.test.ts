import { readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createRandom } from '../../src/core/index.ts';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { expectSameRecords } from './comparable.ts';
import { decisionRecords, type RunDocument, runDocument } from './documents.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

// Long enough for several batches of the journal.
const file = candleCsv(walkingCandles({ seed: 21, bars: 1_700 }));

function startWords(place: Workplace): readonly string[] {
  return ['run', 'solar', '--data', place.write('ABC_1h.csv', file), '--from', '2024-01-10', '--id', 'a'];
}

/** Killed after its last bar was written, it has nothing left to decide. */
const resumedDocument = runDocument.extend({
  timings: runDocument.shape.timings.extend({ firstDecisionMs: z.number().min(0) }),
});

const decisionsOf = (place: Workplace) => place.json(decisionRecords, 'decisions', 'list', '--run', 'a');

const undisturbed = once(async () => {
  const place = openWorkplace();
  const document = await place.json(runDocument, ...startWords(place));
  const { timings: _timings, report: _report, instruments: _files, ...figures } = document;
  return { figures, decisions: await decisionsOf(place) };
});

/** Resumes the run to its end, and expects it to have come to what it comes to undisturbed. */
async function expectUndisturbedEnd(place: Workplace): Promise<RunDocument> {
  const resumed = await place.json(resumedDocument, 'run', '--resume', 'a');
  const { figures, decisions } = await undisturbed();
  expect(resumed).toMatchObject(figures);
  // Records bring their orders, and what was filled and gained.
  expectSameRecords(await decisionsOf(place), decisions);
  return resumed;
}

/**
 * What a run has said when it is killed: its name, some seeded tenths of the way or more, and the last bar, after which only the
 * result is still to be written. Told by progress, never by time.
 */
function momentsOf(seed: number, between: number): readonly RegExp[] {
  const random = createRandom(seed);
  const tenths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  while (tenths.length > between + 1) tenths.splice(Math.floor(random() * (tenths.length - 1)), 1);
  const orMore = (tenth: number) =>
    Array.from({ length: 11 - tenth }, (_, more) => `${tenth + more}0`).join('|');
  return [/^run a$/m, ...tenths.map((tenth) => new RegExp(` (?:${orMore(tenth)}) %`))];
}

/** @returns how often it was killed: a run that is faster than the signal ends instead. */
async function killAndResume(place: Workplace, moments: readonly RegExp[]): Promise<number> {
  let words = startWords(place);
  let killed = 0;
  for (const moment of moments) {
    const command = place.begin(...words);
    await command.says(moment).catch(() => undefined);
    command.signal('SIGKILL');
    const { exitCode, stderr } = await command.ended;
    if (exitCode === 0) return killed;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: null });
    killed++;
    words = ['run', '--resume', 'a'];
  }
  return killed;
}

test('kill -9 again and again, then --resume, comes to what an undisturbed run comes to', async () => {
  const place = openWorkplace();
  expect(await killAndResume(place, momentsOf(3, 1))).toBeGreaterThanOrEqual(3);
  const document = await expectUndisturbedEnd(place);
  // Nothing is left to do: it prints the same document again, and writes its report when that is gone.
  expect(await place.json(resumedDocument, 'run', '--resume', 'a')).toEqual(document);
  rmSync(dirname(document.report), { recursive: true });
  expect(await place.json(resumedDocument, 'run', '--resume', 'a')).toEqual(document);
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect([mode(dirname(document.report)), mode(document.report)]).toEqual([0o700, 0o600]);
  expect(readFileSync(document.report, 'utf8')).toContain(document.hash.slice(0, 8));
});

testOnPostgres('so it does on PostgreSQL', async () => {
  const place = openWorkplace({ DATABASE_URL: await newSchema() });
  expect(await killAndResume(place, momentsOf(4, 1))).toBeGreaterThanOrEqual(3);
  await expectUndisturbedEnd(place);
});

test('Ctrl-C finishes the bar, says how to go on, and loses nothing', async () => {
  const place = openWorkplace();
  const command = place.begin(...startWords(place), '--json');
  await command.says(' 10 %');
  command.signal('SIGINT');
  const { exitCode, stdout } = await command.ended;
  expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
    exitCode: 1,
    error: { code: 'interrupted', hint: expect.stringContaining('orrery run --resume a') },
  });
  await expectUndisturbedEnd(place);
});

/** The first caller's promise for everybody. */
function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | null = null;
  return () => {
    result ??= work();
    return result;
  };
}
