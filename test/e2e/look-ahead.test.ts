import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CandleRow, candleCsv, readCandleCsv } from './candle-csv.ts';
import { withoutOutcome } from './comparable.ts';
import { decisionRecords, runDocument } from './documents.ts';
import { dailyEquities, describeOnRealData, hourlyBitcoin } from './real-data.ts';
import { openWorkplace } from './workplace.ts';

const hourMs = 3_600_000;

/** What a run over these rows concluded at or before `until`. */
async function conclusions(rows: readonly CandleRow[], name: string, until: string, ...range: readonly string[]) {
  const place = openWorkplace();
  const data = ['--data', place.write(name, candleCsv(rows))];
  await place.json(runDocument, 'run', 'solar', ...data, ...range, '--id', 'a');
  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
  return records.filter(({ at }) => at <= until).map(withoutOutcome);
}

/** Well-formed and absurd: a market that explodes, collapses and trades a billion times as much. */
function absurd(row: CandleRow, index: number): CandleRow {
  const price = index % 2 === 0 ? row.open * 50 : row.open / 50;
  return { ...row, open: price, high: price * 3, low: price / 3, close: price * 2, volume: row.volume * 1e9 };
}

describeOnRealData('decisions before an instant do not know what comes after it', () => {
  const cutAt = '2022-02-01T00:00:00.000Z';
  const range = ['--from', '2022-01-01', '--to', '2022-02-15'];
  const stretch = () =>
    readCandleCsv(readFileSync(hourlyBitcoin, 'utf8')).filter(
      ({ time }) => time >= '2021-12-01' && time < '2022-03-01',
    );

  test.concurrent('on hourly bitcoin, with the future cut or made absurd', async () => {
    const rows = stretch();
    const known = await conclusions(rows, 'BTCUSDT_1h.csv', cutAt, ...range);
    // Not a comparison of nothing: a month of hours, with orders among them.
    expect(known.filter(({ kind }) => kind === 'decision')).toHaveLength(31 * 24);
    expect(known.filter(({ order }) => order !== null).length).toBeGreaterThan(10);
    const cut = await conclusions(rows, 'BTCUSDT_1h.csv', cutAt, '--from', '2022-01-01', '--to', cutAt);
    expect(cut).toEqual(known);
    const shorter = rows.filter(({ time }) => time < cutAt);
    expect(await conclusions(shorter, 'BTCUSDT_1h.csv', cutAt, '--from', '2022-01-01')).toEqual(known);
    const replaced = rows.map((row, index) => (row.time < cutAt ? row : absurd(row, index)));
    expect(await conclusions(replaced, 'BTCUSDT_1h.csv', cutAt, ...range)).toEqual(known);
    const again = rows.map((row, index) => (row.time < cutAt ? row : absurd(row, index + 1)));
    expect(await conclusions(again, 'BTCUSDT_1h.csv', cutAt, ...range)).toEqual(known);
  });

  test.concurrent('on daily equities, whose asset class and interval the file tells by itself', async () => {
    const [file = ''] = dailyEquities;
    const rows = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(2)
      .map((line): CandleRow => {
        const [date = '', ...numbers] = line.split(',');
        const [close = 0, high = 0, low = 0, open = 0, volume = 0] = numbers.map(Number);
        return { time: new Date(date).toISOString(), open, high, low, close, volume };
      });
    const day = '2022-06-01T00:00:00.000Z';
    const known = await conclusions(rows, 'AAPL_1d.csv', day);
    expect(known.filter(({ order }) => order !== null).length).toBeGreaterThan(5);
    const replaced = rows.map((row, index) => (row.time < day ? row : absurd(row, index)));
    expect(await conclusions(replaced, 'AAPL_1d.csv', day)).toEqual(known);
    expect(await conclusions(rows, 'AAPL_1d.csv', day, '--to', day)).toEqual(known);
  });

  test.concurrent('and the very next decision does: the comparison can tell', async () => {
    const rows = stretch();
    const next = new Date(Date.parse(cutAt) + hourMs).toISOString();
    const replaced = rows.map((row, index) => (row.time < cutAt ? row : absurd(row, index)));
    const range = ['--from', '2022-01-31', '--to', '2022-02-02'];
    const known = await conclusions(rows, 'BTCUSDT_1h.csv', next, ...range);
    expect(await conclusions(replaced, 'BTCUSDT_1h.csv', next, ...range)).not.toEqual(known);
  });
});
