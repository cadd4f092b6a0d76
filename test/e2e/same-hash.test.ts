import { describe, expect, test } from 'vitest';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { comparable } from './comparable.ts';
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
  test.concurrent('on a second run, with the files in another order, and in a replay', async () => {
    const place = openWorkplace();
    const { one, two } = writeCandles(place);
    const original = await place.json(runDocument, 'run', 'solar', ...one, ...two, ...from, '--id', 'a');
    expect(original.trades).toBeGreaterThan(3);
    const again = await place.json(runDocument, 'run', 'solar', ...two, ...one, ...from, '--id', 'b');
    const replayed = await place.json(runDocument, 'run', '--replay', 'a', '--id', 'c');
    const { run: _run, timings: _timings, report: _report, ...figures } = original;
    for (const other of [again, replayed]) expect(other).toMatchObject({ ...figures, replayOf: undefined });
    const records = await recordsOf(place, 'a');
    expect(await recordsOf(place, 'b')).toEqual(records);
    expect(await recordsOf(place, 'c')).toEqual(records);
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
    expect(there).toEqual(here);
  });
});

describe('other inputs have another', () => {
  test.concurrent('a close that moves, a desk that is changed', async () => {
    const place = openWorkplace();
    const { one, two } = writeCandles(place);
    const { hash } = await place.json(runDocument, 'run', 'solar', ...one, ...two, ...from);
    const moved = first.map((row, index) => (index === 300 ? { ...row, close: (row.high + row.close) / 2 } : row));
    const other = openWorkplace();
    const files = writeCandles(other, moved);
    const hashes = [
      (await other.json(runDocument, 'run', 'solar', ...files.one, ...files.two, ...from)).hash,
      (await place.json(runDocument, 'run', place.write('d.yaml', solarWith('positionPct: 50', 'positionPct: 5')), ...one, ...two, ...from)).hash,
    ];
    expect(new Set([hash, ...hashes]).size).toBe(3);
  });
});

test.concurrent('a file that has changed since is refused by name, to resume and to replay', async () => {
  const place = openWorkplace();
  const { one } = writeCandles(place);
  await place.json(runDocument, 'run', 'solar', ...one, ...from, '--id', 'a');
  place.write('ONE_1h.csv', candleCsv(second));
  const { exitCode, error } = await place.refusal('run', '--replay', 'a');
  expect({ exitCode, error }).toMatchObject({ exitCode: 2, error: { code: 'data-changed' } });
  expect(error.message).toContain('ONE_1h.csv');
});
