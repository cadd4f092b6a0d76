import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EpochMs, OrreryError } from '../core/index.ts';
import { loadCandleFile } from './candle-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-candles-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(content: string | Uint8Array, options: { symbol?: string; to?: EpochMs } = {}) {
  const { symbol = 'TEST', to } = options;
  const file = join(folder, `${symbol}.csv`);
  await writeFile(file, content);
  return loadCandleFile({ symbol, file, format: null }, to === undefined ? {} : { to });
}

const header = 'timestamp,open,high,low,close,volume\n';
/** A Monday. */
const start = Date.UTC(2024, 0, 1);
const hour = 3_600_000;

/** Sound hourly rows whose prices depend on the index only. */
function hourlyRow(index: number): string {
  const open = 100 + (index % 7);
  return `${new Date(start + index * hour).toISOString()},${open},${open + 2},${open - 1},${open + 1},${index + 1}\n`;
}

function hourlyRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) => hourlyRow(index));
}

const twoBars = [start, start + hour];

describe('what is recognised', () => {
  test.each([
    [
      'any order and case',
      'Volume,CLOSE,low,High,Open,DateTime\n1,3,1,4,2,2024-01-01 00:00\n5,6,1,7,3,2024-01-01 01:00\n',
    ],
    [
      'semicolons',
      'date;open;high;low;close;volume\n2024-01-01 00:00;2;4;1;3;1\n2024-01-01 01:00;3;7;1;6;5\n',
    ],
    [
      'tabs',
      'date\topen\thigh\tlow\tclose\tvolume\n2024-01-01 00:00\t2\t4\t1\t3\t1\n2024-01-01 01:00\t3\t7\t1\t6\t5\n',
    ],
    [
      'byte order mark, CRLF, quotes, blank lines',
      '\ufeff"date","open","high","low","close","volume"\r\n"2024-01-01 00:00","2","4","1","3","1"\r\n\r\n2024-01-01 01:00, 3 ,7,1,6,5\r\n\r\n \r\n',
    ],
    [
      'no line feed at the end',
      'date,open,high,low,close,volume\n2024-01-01 00:00,2,4,1,3,1\n2024-01-01 01:00,3,7,1,6,5',
    ],
    [
      'a delimiter at the end of rows',
      'date,open,high,low,close,volume\n2024-01-01 00:00,2,4,1,3,1,\n2024-01-01 01:00,3,7,1,6,5,\n',
    ],
    [
      'other columns',
      'date,note,open,high,low,close,Adj Close,volume\n2024-01-01 00:00,"a, ""b""",2,4,1,3,9,1\n2024-01-01 01:00,,3,7,1,6,x,5\n',
    ],
    [
      'an unnamed first column',
      ',open,high,low,close,volume\n2024-01-01 00:00,2,4,1,3,1\n2024-01-01 01:00,3,7,1,6,5\n',
    ],
    [
      'the preferred one of several times',
      'date,time,Open Time,open,high,low,close,volume\nx,y,1704067200,2,4,1,3,1\nx,y,1704070800,3,7,1,6,5\n',
    ],
    [
      'titles above the header',
      '# downloaded by hand\n\ndate,open,high,low,close,volume\n2024-01-01 00:00,2,4,1,3,1\n2024-01-01 01:00,3,7,1,6,5\n',
    ],
    [
      'a second header row',
      'Date,Open,High,Low,Close,Volume\n,TEST,TEST,TEST,TEST,TEST\n2024-01-01 00:00,2,4,1,3,1\n2024-01-01 01:00,3,7,1,6,5\n',
    ],
    [
      'three header rows',
      'Price,Open,High,Low,Close,Volume\nTicker,TEST,TEST,TEST,TEST,TEST\nDate,,,,,\n2024-01-01 00:00,2,4,1,3,1\n2024-01-01 01:00,3,7,1,6,5\n',
    ],
    [
      'offsets',
      'time,open,high,low,close,volume\n2023-12-31 19:00:00-05:00,2,4,1,3,1\n2023-12-31T20:00:00-0500,3,7,1,6,5\n',
    ],
    [
      'seconds since 1970',
      'time,open,high,low,close,volume\n1704067200.0,2,4,1,3,1\n1704070800.0,3,7,1,6,5\n',
    ],
    [
      'milliseconds',
      'open_time,open,high,low,close,volume\n1704067200000,2,4,1,3,1\n1704070800000,3,7,1,6,5\n',
    ],
    [
      'microseconds',
      'open_time,open,high,low,close,volume\n1704067200000000,2,4,1,3,1\n1704070800000000,3,7,1,6,5\n',
    ],
  ])('%s', async (_, content) => {
    const { series } = await load(content);
    expect(series.intervalMs).toBe(hour);
    expect([...series.openTime]).toEqual(twoBars);
    expect([...series.open]).toEqual([2, 3]);
    expect([...series.high]).toEqual([4, 7]);
    expect([...series.low]).toEqual([1, 1]);
    expect([...series.close]).toEqual([3, 6]);
    expect([...series.volume]).toEqual([1, 5]);
  });

  test('without a volume column the volume is 0', async () => {
    const { series } = await load('date,open,high,low,close\n2024-01-01,2,4,1,3\n2024-01-02,3,7,1,6\n');
    expect([...series.volume]).toEqual([0, 0]);
  });

  test('daily bars open at 00:00 UTC of the date that is written', async () => {
    const rows = ['2024-03-08 00:00:00-05:00', '2024-03-11 00:00:00-04:00', '2024-03-12 00:00:00-04:00'];
    const { series } = await load(header + rows.map((time) => `${time},2,4,1,3,1\n`).join(''));
    expect([...series.openTime]).toEqual(
      ['2024-03-08', '2024-03-11', '2024-03-12'].map((date) => Date.parse(date)),
    );
  });

  test.each([
    ['BTCUSDT', '2024-01-01', { assetClass: 'crypto', currency: 'USDT', adjusted: false }],
    ['ethusdc', '2024-01-01', { assetClass: 'crypto', currency: 'USDC', adjusted: false }],
    ['BTC-USD', '2024-01-01', { assetClass: 'crypto', currency: 'USD', adjusted: false }],
    ['AAPL', '2024-01-01', { assetClass: 'equity', currency: 'USD', adjusted: null }],
    ['FUSD', '2024-01-01', { assetClass: 'equity', currency: 'USD', adjusted: null }],
    ['AAPL', '2024-01-06', { assetClass: 'crypto', currency: 'USD', adjusted: false }],
  ])('%s with a bar on %s is %o', async (symbol, date, expected) => {
    const { instrument } = await load(
      `${header}${date},2,4,1,3,1\n2024-01-08,3,7,1,6,5\n2024-01-09,3,7,1,6,5\n`,
      { symbol },
    );
    expect(instrument).toEqual({ symbol, timeframe: '1d', ...expected });
  });

  test('the hash is of the whole file, whatever is loaded of it', async () => {
    const content = header + hourlyRows(10).join('');
    const { sha256, series, file } = await load(content, { to: start + 3 * hour });
    expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(series.length).toBe(3);
    expect(file).toBe(join(folder, 'TEST.csv'));
  });
});

describe('what is refused', () => {
  const good = '2024-01-01,2,4,1,3,1\n2024-01-02,3,7,1,6,5\n';
  test.each([
    ['an empty file', '', 'candles-invalid', 'is empty'],
    ['blank lines', '\n\n  \n', 'candles-unrecognised', 'only blank lines'],
    ['a header alone', header, 'candles-invalid', 'has a header but no rows'],
    ['a single row', `${header}2024-01-01,2,4,1,3,1\n`, 'candles-invalid', 'only one time'],
    ['binary', Buffer.from([0x1f, 0x8b, 8, 0, 0, 1, 2]), 'candles-unrecognised', 'is binary'],
    [
      'carriage returns alone',
      (header + good).replaceAll('\n', '\r'),
      'candles-unrecognised',
      'ends its lines with carriage returns alone',
    ],
    [
      'carriage returns and a line feed at the end',
      `${(header + good).replaceAll('\n', '\r')}\n`,
      'candles-unrecognised',
      'ends its lines with carriage returns alone',
    ],
    ['UTF-16', Buffer.from(`\ufeff${header}`, 'utf16le'), 'candles-unrecognised', 'UTF-16'],
    [
      'no header',
      '19980102 00:00,1,2,1,2,9\n19980105 00:00,1,2,1,2,9\n',
      'candles-unrecognised',
      'line 1: there is no header',
    ],
    [
      'something else',
      'text,label\nhello,1\n',
      'candles-unrecognised',
      'line 1: "text,label" is not a header',
    ],
    [
      'a missing column',
      `date,open,high,close\n${good}`,
      'candles-unrecognised',
      'line 1: no column is named low',
    ],
    [
      'no time',
      `when,open,high,low,close,volume\n${good}`,
      'candles-unrecognised',
      'line 1: no column holds the time',
    ],
    [
      'two close columns',
      'date,open,high,low,close,Close\n',
      'candles-unrecognised',
      '2 columns are named close',
    ],
    [
      'times in an unknown form',
      `${header}03/04/2024,2,4,1,3,1\n`,
      'candles-unrecognised',
      'line 2: "03/04/2024" is not a time',
    ],
    ['times of day', `${header}60000,2,4,1,3,1\n120000,2,4,1,3,1\n`, 'candles-unrecognised', 'is not a time'],
    [
      'ticks',
      `${header}1704067200000,2,4,1,3,1\n1704067200250,2,4,1,3,1\n`,
      'candles-unrecognised',
      'less than a second',
    ],
    [
      'an unreadable time',
      `${header}${good}2024-01-32,3,7,1,6,5\n`,
      'candles-invalid',
      'line 4: "2024-01-32" is not a time',
    ],
    [
      'a day its month does not have',
      `${header}${good}2024-02-30,3,7,1,6,5\n`,
      'candles-invalid',
      'line 4: "2024-02-30" is not a time',
    ],
    [
      'another unit of time',
      `${header}1704067200,2,4,1,3,1\n1704070800,2,4,1,3,1\n1704074400000,2,4,1,3,1\n`,
      'candles-invalid',
      'line 4: "1704074400000" is not a time in s',
    ],
    [
      'too few fields',
      `${header}${good}\n2024-01-03,3,7\n`,
      'candles-invalid',
      'line 5: 3 fields where the header names 6',
    ],
    ['too many fields', `${header}${good}2024-01-03,3,7,1,6,1,500\n`, 'candles-invalid', 'line 4: 7 fields'],
    [
      'an open quote',
      `${header}${good}2024-01-03,"3,7,1,6,5\n`,
      'candles-invalid',
      'line 4: a quote is not closed',
    ],
    [
      'times going back',
      `${header}${good}2023-12-31,3,7,1,6,5\n`,
      'candles-invalid',
      'line 4: time "2023-12-31": a row before',
    ],
    [
      'a time twice',
      `${header}${good}2024-01-02,3,7,1,6,5\n`,
      'candles-invalid',
      'line 4: time "2024-01-02": the row before has this date',
    ],
    [
      'text in a number',
      `${header}${good}2024-01-03,3,7,1,abc,5\n`,
      'candles-invalid',
      'line 4: close "abc": not a number',
    ],
    ['an empty number', `${header}${good}2024-01-03,3,7,,6,5\n`, 'candles-invalid', 'line 4: low ""'],
    [
      'NaN and infinity',
      `${header}${good}2024-01-03,NaN,1e999,1,6,5\n`,
      'candles-invalid',
      'line 4: open "NaN", high "1e999"',
    ],
    [
      'a thousands separator',
      `${header}${good}2024-01-03,"1,003",1007,1001,1006,5\n`,
      'candles-invalid',
      'open "1,003"',
    ],
    [
      'high below low',
      `${header}${good}2024-01-03,3,1,7,6,5\n`,
      'candles-invalid',
      'line 4: open "3", high "1"',
    ],
    [
      'a close above the high',
      `${header}${good}2024-01-03,3,7,1,7.00001,5\n`,
      'candles-invalid',
      'high must be the highest',
    ],
    [
      'a price too large to be computed with',
      `${header}${good}2024-01-03,3,1e300,1,6,5\n`,
      'candles-invalid',
      'line 4: high "1e300": a price must lie between 1e-18 and 1e18',
    ],
    [
      'a price too small to be computed with',
      `${header}${good}2024-01-03,3,7,1e-300,6,5\n`,
      'candles-invalid',
      'line 4: low "1e-300": a price must lie between 1e-18 and 1e18',
    ],
    [
      'a volume too large to be added up',
      `${header}${good}2024-01-03,3,7,1,6,1e300\n`,
      'candles-invalid',
      'line 4: volume "1e300"',
    ],
    ['a negative price', `${header}${good}2024-01-03,3,7,-1,6,5\n`, 'candles-invalid', 'line 4: low "-1"'],
    ['a price of 0', `${header}${good}2024-01-03,3,7,0,6,5\n`, 'candles-invalid', 'line 4: low "0"'],
    [
      'a negative volume',
      `${header}${good}2024-01-03,3,7,1,6,-5\n`,
      'candles-invalid',
      'line 4: volume "-5"',
    ],
    ['a damaged first row', `${header}a,b,c,d,e,f\n${good}`, 'candles-invalid', 'line 2: "a" is not a time'],
  ])('%s', async (_, content, code, reason) => {
    const error = await load(content).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OrreryError);
    expect(error).toMatchObject({ code, exitCode: 2, message: expect.stringContaining(reason) });
    expect((error as OrreryError).hint).toMatch(/\.$/);
    expect((error as OrreryError).message).toContain('TEST.csv');
    expect((error as OrreryError).message).not.toContain('\n');
  });

  test.each([
    ['missing.csv', null, 'file-not-found', 'does not exist'],
    ['folder.csv', null, 'file-unreadable', 'is a folder'],
    [
      'empty.csv',
      'lean-equty',
      'candles-unrecognised',
      'no format "lean-equty"; did you mean "lean-equity"?',
    ],
  ])('%s as %s', async (name, format, code, reason) => {
    await mkdir(join(folder, 'folder.csv'), { recursive: true });
    await writeFile(join(folder, 'empty.csv'), '');
    await expect(loadCandleFile({ symbol: 'X', file: join(folder, name), format })).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringContaining(reason),
    });
  });

  test('prices of the cheapest token and of a share split backwards many times are not', async () => {
    const token = '1e-18,2e-18,1e-18,2e-18,1';
    const { series } = await load(`${header}2024-01-01,${token}\n2024-01-02,1e18,1e18,9e17,1e18,1\n`);
    expect([...series.close]).toEqual([2e-18, 1e18]);
  });

  test('digits lost in adjusting prices are not a fault', async () => {
    const { series } = await load(`${header}2024-01-01,2,4,1,4.0000000000000009,1\n2024-01-02,3,7,1,6,5\n`);
    expect(series.length).toBe(2);
  });
});
