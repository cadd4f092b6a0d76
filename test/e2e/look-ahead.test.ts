import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CandleRow, candleCsv, readCandleCsv } from './candle-csv.ts';
import { expectSameRecords, withoutOutcome } from './comparable.ts';
import { decisionRecords, runDocument } from './documents.ts';
import { dailyEquities, describeOnRealData, hourlyBitcoin } from './real-data.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** What a run over these rows concluded at or before `until`. */
async function conclusions(
  place: Workplace,
  rows: readonly CandleRow[],
  file: string,
  until: string,
  ...range: readonly string[]
) {
  const data = ['--data', place.write(file, candleCsv(rows))];
  const { run } = await place.json(runDocument, 'run', 'solar', ...data, ...range);
  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', run);
  return records.filter(({ at }) => at <= until).map(withoutOutcome);
}

/** Well-formed and absurd: a market that explodes, collapses and trades a billion times as much. */
function absurd(row: CandleRow, index: number): CandleRow {
  const price = index % 2 === 0 ? row.open * 50 : row.open / 50;
  return { ...row, open: price, high: price * 3, low: price / 3, close: price * 2, volume: row.volume * 1e9 };
}

describeOnRealData('decisions before an instant do not know what comes after it', () => {
  test('on hourly bitcoin', async () => {
    const place = openWorkplace();
    const cut = '2022-02-01T00:00:00.000Z';
    const next = '2022-02-01T01:00:00.000Z';
    const rows = readCandleCsv(readFileSync(hourlyBitcoin, 'utf8')).filter(
      ({ time }) => time >= '2021-12-01' && time < '2022-03-01',
    );
    const file = 'BTCUSDT_1h.csv';
    const range = ['--from', '2022-01-01', '--to', '2022-02-15'];
    const beyond = await conclusions(place, rows, file, next, ...range);
    const known = beyond.filter(({ at }) => at <= cut);
    // Not a comparison of nothing: a month of hours, with orders among them.
    expect(known.filter(({ kind }) => kind === 'decision')).toHaveLength(31 * 24);
    expect(known.filter(({ order }) => order !== null).length).toBeGreaterThan(10);
    expectSameRecords(await conclusions(place, rows, file, cut, '--from', '2022-01-01', '--to', cut), known);
    const replaced = rows.map((row, index) => (row.time < cut ? row : absurd(row, index)));
    const misled = await conclusions(place, replaced, file, next, ...range);
    expectSameRecords(
      misled.filter(({ at }) => at <= cut),
      known,
    );
    // The comparison can tell: the very next decision saw the first absurd bar.
    expect(misled).not.toEqual(beyond);
  });

  test('on daily equities, whose interval and asset class the file itself tells', async () => {
    const place = openWorkplace();
    const [equity = ''] = dailyEquities;
    const [, , ...lines] = readFileSync(equity, 'utf8').trim().split('\n');
    const rows = lines.map((line): CandleRow => {
      const [date = '', ...numbers] = line.split(',');
      const [close = 0, high = 0, low = 0, open = 0, volume = 0] = numbers.map(Number);
      return { time: new Date(date).toISOString(), open, high, low, close, volume };
    });
    const cut = '2022-06-01T00:00:00.000Z';
    const file = 'AAPL_1d.csv';
    const known = await conclusions(place, rows, file, cut);
    expect(known.filter(({ order }) => order !== null).length).toBeGreaterThan(5);
    const replaced = rows.map((row, index) => (row.time < cut ? row : absurd(row, index)));
    expectSameRecords(await conclusions(place, replaced, file, cut), known);
  });
});
