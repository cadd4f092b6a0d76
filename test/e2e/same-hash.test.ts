import { describe, expect, test } from 'vitest';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { comparable, expectSameRecords } from './comparable.ts';
import { decisionRecords, runDocument } from './documents.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import { solarWith } from './solar-desk.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const bars = 420;
const first = walkingCandles({ seed: 11, bars });
const second = walkingCandles({ seed: 12, bars });
const from = ['--from', '2024-01-10'];

/** Two instruments in files of the same names everywhere. */
function writeCandles(place: Workplace, moved = first) {
  return {
    one: ['--data', place.write('ONE_1h.csv', candleCsv(moved))],
    two: ['--data', place.write('TWO_1h.csv', candleCsv(second))],
  };
}

const recordsOf = async (place: Workplace, run: string) =>
  (await place.json(decisionRecords, 'decisions', 'list', '--run', run)).map(comparable);

describe('the same inputs have the same hash', () => {
  test('on a second run, with the files in another order, and in a replay', async () => {
    const place = openWorkplace();
    const { one, two } = writeCandles(place);
    const original = await place.json(runDocument, 'run', 'solar', ...one, ...two, ...from, '--id', 'a');
    expect(original.trades).toBeGreaterThan(3);
    const again = await place.json(runDocument, 'run', 'solar', ...two, ...one, ...from, '--id', 'b');
    const replayed = await place.json(runDocument, 'run', '--replay', 'a', '--id', 'c');
    const { hash, instruments, equity, metrics, baselines, sources } = original;
    for (const other of [again, replayed])
      expect(other).toMatchObject({ hash, instruments, equity, metrics, baselines, sources });
    const records = await recordsOf(place, 'a');
    expectSameRecords(await recordsOf(place, 'b'), records);
    expectSameRecords(await recordsOf(place, 'c'), records);
  });

  testOnPostgres('on PostgreSQL', async () => {
    const embedded = openWorkplace();
    const server = openWorkplace({ DATABASE_URL: await newSchema() });
    const [there, here] = await Promise.all(
      [server, embedded].map(async (place) => {
        const { one, two } = writeCandles(place);
        const { hash } = await place.json(runDocument, 'run', 'solar', ...one, ...two, ...from, '--id', 'a');
        return { hash, records: await recordsOf(place, 'a') };
      }),
    );
    expectSameRecords(there?.records ?? [], here?.records ?? []);
    expect(there?.hash).toBe(here?.hash);
  });
});

describe('other inputs', () => {
  test('have another: a close that moves, a desk that is changed', async () => {
    const place = openWorkplace();
    const { one, two } = writeCandles(place);
    const moved = first.map((row, index) =>
      index === 300 ? { ...row, close: (row.high + row.close) / 2 } : row,
    );
    const otherOne = ['--data', place.write('moved/ONE_1h.csv', candleCsv(moved))];
    const desk = place.write('small.yaml', solarWith('positionPct: 50', 'positionPct: 5'));
    const hashes = [
      await place.json(runDocument, 'run', 'solar', ...one, ...two, ...from),
      await place.json(runDocument, 'run', 'solar', ...otherOne, ...two, ...from),
      await place.json(runDocument, 'run', desk, ...one, ...two, ...from),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(3);
  });

  test('are refused where the run says what they were: a file that has changed since', async () => {
    const place = openWorkplace();
    const { one } = writeCandles(place);
    await place.json(runDocument, 'run', 'solar', ...one, ...from, '--id', 'a');
    writeCandles(place, second);
    const { exitCode, error } = await place.refusal('run', '--replay', 'a');
    expect({ exitCode, error }).toMatchObject({ exitCode: 2, error: { code: 'data-changed' } });
    expect(error.message).toContain('ONE_1h.csv');
  });
});
