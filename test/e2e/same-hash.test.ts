import { beforeAll, expect, test } from 'vitest';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { comparable, expectSameRecords } from './comparable.ts';
import { decisionRecords, type RunDocument, runDocument } from './documents.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import { solarWith } from './solar-desk.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const bars = 420;
const first = walkingCandles({ seed: 11, bars });
const second = walkingCandles({ seed: 12, bars });
const from = ['--from', '2024-01-10'];

/** Two instruments in files of the same names everywhere. */
function writeCandles(place: Workplace) {
  const one = ['--data', place.write('ONE_1h.csv', candleCsv(first))];
  const two = ['--data', place.write('TWO_1h.csv', candleCsv(second))];
  return { one, two };
}

const recordsOf = async (place: Workplace, run: string) =>
  (await place.json(decisionRecords, 'decisions', 'list', '--run', run)).map(comparable);

/** One run, which all tests compare with. */
let place: Workplace;
let original: RunDocument;
let records: Awaited<ReturnType<typeof recordsOf>>;

beforeAll(async () => {
  place = openWorkplace();
  const { one, two } = writeCandles(place);
  // By a process of its own, so that none of what follows shares one with it.
  const { stdout } = await place.begin('run', 'solar', ...one, ...two, ...from, '--id', 'a', '--json').ended;
  original = runDocument.parse(JSON.parse(stdout));
  records = await recordsOf(place, 'a');
});

test('the same inputs have the same hash: again, with the files in another order, and in a replay', async () => {
  const { one, two } = writeCandles(place);
  expect(original.trades).toBeGreaterThan(3);
  const again = await place.json(runDocument, 'run', 'solar', ...two, ...one, ...from, '--id', 'b');
  const replayed = await place.json(runDocument, 'run', '--replay', 'a', '--id', 'c');
  const { hash, instruments, equity, metrics, baselines, sources } = original;
  for (const other of [again, replayed])
    expect(other).toMatchObject({ hash, instruments, equity, metrics, baselines, sources });
  expectSameRecords(await recordsOf(place, 'b'), records);
  expectSameRecords(await recordsOf(place, 'c'), records);

  // A file that has changed since is not what was run, and is named.
  place.write('ONE_1h.csv', candleCsv(second));
  const { exitCode, error } = await place.refusal('run', '--replay', 'a');
  expect({ exitCode, error }).toMatchObject({ exitCode: 2, error: { code: 'data-changed' } });
  expect(error.message).toContain('ONE_1h.csv');
});

testOnPostgres('on the embedded database and on PostgreSQL', async () => {
  const there = openWorkplace({ DATABASE_URL: await newSchema() });
  const { one, two } = writeCandles(there);
  const { hash } = await there.json(runDocument, 'run', 'solar', ...one, ...two, ...from, '--id', 'a');
  expectSameRecords(await recordsOf(there, 'a'), records);
  expect(hash).toBe(original.hash);
});

test('other inputs have another: a close that moves, a desk that is changed', async () => {
  const { one, two } = writeCandles(place);
  const moved = first.map((row, index) =>
    index === 300 ? { ...row, close: (row.high + row.close) / 2 } : row,
  );
  const movedOne = ['--data', place.write('moved/ONE_1h.csv', candleCsv(moved))];
  const desk = place.write('small.yaml', solarWith('positionPct: 50', 'positionPct: 5'));
  const hashes = [original.hash];
  for (const words of [
    ['solar', ...movedOne],
    [desk, ...one],
  ]) {
    hashes.push((await place.json(runDocument, 'run', ...words, ...two, ...from)).hash);
  }
  expect(new Set(hashes).size).toBe(3);
});
