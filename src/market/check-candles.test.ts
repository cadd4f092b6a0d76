import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkCandleFile } from './check-candles.ts';
import { parseDataOption } from './data-option.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orrery-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(content: string, name = 'TEST.csv') {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return checkCandleFile(parseDataOption(file));
}

const header = 'Date,Open,High,Low,Close,Volume\n';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** A Monday. */
const monday = Date.UTC(2024, 0, 1);

/** Rows at these times with prices that wander a little. */
function rowsAt(times: readonly number[], price: (index: number) => number = () => 100): string {
  const rows = times.map((time, index) => {
    const open = price(index);
    const close = open * (1 + ((index % 5) - 2) / 500);
    return `${new Date(time).toISOString()},${open},${Math.max(open, close) * 1.001},${Math.min(open, close) * 0.999},${close},10`;
  });
  return `${header}${rows.join('\n')}\n`;
}

const every = (step: number, count: number, from = monday) =>
  Array.from({ length: count }, (_, index) => from + index * step);

const weekdays = (weeks: number) =>
  every(day, weeks * 7).filter((time) => ![0, 6].includes(new Date(time).getUTCDay()));

/** Half-hour bars of a session (minutes after midnight) on each weekday. */
const sessions = (weeks: number, bars: readonly number[]) =>
  weekdays(weeks).flatMap((date) => bars.map((start) => date + start * minute));

const kinds = (found: { problems: readonly { kind: string; line: number }[] }) =>
  found.problems.map(({ kind, line }) => `${kind} ${line}`);

describe('what a check says', () => {
  test('of a clean file', async () => {
    expect(await check(rowsAt(weekdays(4)), 'AAPL_daily.csv')).toEqual({
      rows: 20,
      from: '2024-01-01T00:00:00.000Z',
      to: '2024-01-26T00:00:00.000Z',
      intervalMs: day,
      columns: { time: 'Date', open: 'Open', high: 'High', low: 'Low', close: 'Close', volume: 'Volume' },
      timezone: 'UTC',
      format: 'csv',
      problems: [],
      ok: true,
    });
  });

  test('lists every row that cannot be used, in the order of the file', async () => {
    const found = await check(
      `${header}2024-01-01,2,4,1,3,1
2024-01-02,x,4,1,3,1
2024-01-02,2,4,1,3,1
2024-01-03,2,4,1
2024-01-04,2,1,4,-3,1
soon,2,4,1,3,1
2024-01-03,2,4,1,3,1
2024-01-08,2,4,1,3,1
`,
    );
    expect(found).toMatchObject({ ok: false, rows: 8 });
    expect(kinds(found)).toEqual([
      'not-a-number 3',
      'duplicate 4',
      'unparsable 5',
      'negative 6',
      'high-below-low 6',
      'unparsable 7',
      'not-increasing 8',
    ]);
    expect(found.problems[0]).toEqual({
      kind: 'not-a-number',
      line: 3,
      at: '2024-01-02T00:00:00.000Z',
      detail: 'open "x": not a number',
    });
  });

  test('a file in the wrong order stays readable', async () => {
    const found = await check(rowsAt(every(hour, 500).reverse()), 'BTCUSDT.csv');
    expect(found.problems).toHaveLength(100);
    expect(found.problems.at(-1)).toMatchObject({ kind: 'not-increasing', line: 102 });
    expect(found.problems.at(-1)?.detail).toContain('399 more up to line 501');
    expect(found.ok).toBe(false);
  });

  test('an unrecognised file is an error, not a problem', async () => {
    await expect(check('a,b\n1,2\n')).rejects.toMatchObject({ code: 'candles-unrecognised' });
    await expect(check(`${header}2024-01-01,2,4,1,3,1\n`)).rejects.toMatchObject({ code: 'candles-invalid' });
  });
});

describe('holes', () => {
  test('in a market that never closes: any bar that is missing', async () => {
    const times = every(hour, 48);
    times.splice(20, 3);
    const found = await check(rowsAt(times), 'BTCUSDT.csv');
    expect(found.problems).toEqual([
      {
        kind: 'hole',
        line: 22,
        at: '2024-01-01T23:00:00.000Z',
        detail: '3 bars missing after 2024-01-01T19:00:00.000Z',
      },
    ]);
    expect(found.ok).toBe(true);
  });

  test('months differ in length without one', async () => {
    const months = Array.from({ length: 24 }, (_, month) => Date.UTC(2022, month, 1));
    expect((await check(rowsAt(months), 'BTCUSDT_1M.csv')).problems).toEqual([]);
  });

  test('in daily shares: more than five days, so not a long weekend', async () => {
    const dates = weekdays(6).filter(
      // Friday and Monday off, then a week and a day.
      (time) =>
        ![4, 7].includes((time - monday) / day) && !(time >= monday + 14 * day && time <= monday + 21 * day),
    );
    const found = await check(rowsAt(dates), 'AAPL.csv');
    expect(found.problems).toEqual([
      {
        kind: 'hole',
        line: 10,
        at: '2024-01-23T00:00:00.000Z',
        detail: 'no bar for 11 days after 2024-01-12T00:00:00.000Z',
      },
    ]);
  });

  test('in a trading day: a missing bar, but neither night, weekend nor lunch break', async () => {
    const bars = [570, 600, 630, 660, 780, 810, 840];
    const times = sessions(3, bars);
    expect((await check(rowsAt(times), 'AAPL_30m.csv')).problems).toEqual([]);
    times.splice(9, 1);
    expect(kinds(await check(rowsAt(times), 'AAPL_30m.csv'))).toEqual(['hole 11']);
  });
});

describe('jumps', () => {
  const split = (index: number) => (index < 15 ? 400 : 100);

  test('a 4:1 split among ordinary days', async () => {
    const found = await check(rowsAt(weekdays(6), split), 'AAPL.csv');
    expect(kinds(found)).toEqual(['jump 17']);
    expect(found.problems[0]?.detail).toContain('a split, or a wrong price?');
    expect(found.ok).toBe(true);
  });

  test('a wrong price is seen on its way up and down', async () => {
    const found = await check(
      rowsAt(every(hour, 48), (index) => (index === 30 ? 1_000 : 100)),
      'BTCUSDT.csv',
    );
    expect(found.problems).toMatchObject([
      { kind: 'jump', line: 32, detail: expect.stringContaining('1 more up to line 33') },
    ]);
  });

  test('large moves among large moves are a market', async () => {
    const wild = (index: number) => 100 * [1, 1.3, 0.9, 1.25, 0.8][index % 5]!;
    expect((await check(rowsAt(every(hour, 60), wild), 'MEMEUSDT.csv')).problems).toEqual([]);
  });
});

describe('volume, flat bars, interval', () => {
  test('neighbouring rows become one entry', async () => {
    const rows = every(hour, 30).map((time, index) => {
      const quiet = index >= 10 && index < 15;
      return `${new Date(time).toISOString()},100,${quiet ? 100 : 101},${quiet ? 100 : 99},100,${quiet ? 0 : 5}`;
    });
    const found = await check(`${header}${rows.join('\n')}\n`, 'ADAUSDT.csv');
    expect(found.problems).toEqual([
      {
        kind: 'zero-volume',
        line: 12,
        at: '2024-01-01T10:00:00.000Z',
        detail: 'nothing was traded; 4 more up to line 16',
      },
      {
        kind: 'flat',
        line: 12,
        at: '2024-01-01T10:00:00.000Z',
        detail: 'open, high, low and close are all 100; 4 more up to line 16',
      },
    ]);
    expect(found.ok).toBe(true);
  });

  test('a missing volume column', async () => {
    const found = await check('date,open,high,low,close\n2024-01-01,2,4,1,3\n2024-01-02,2,4,1,3\n');
    expect(found.columns.volume).toBeNull();
    expect(found.problems).toMatchObject([{ kind: 'zero-volume', line: 1, at: null }]);
  });

  test.each([
    ['BTCUSDT_1h.csv', hour, []],
    ['BTCUSDT_60min.csv', hour, []],
    ['BTCUSDT-1h-from-1m.csv', hour, []],
    ['BTCUSDT_1h.csv', 2 * hour, ['interval-mismatch 2']],
    ['hourly/BTCUSDT.csv', 2 * hour, ['interval-mismatch 2']],
    ['hourly/BTCUSDT_2h.csv', 2 * hour, []],
    ['daily/BTCUSDT.csv', day, []],
    ['BTCUSDT_2017-2023.csv', day, []],
    ['BTCUSDT_1m.csv', 30 * day, ['interval-mismatch 2']],
    ['BTCUSDT_1M.csv', 30 * day, []],
  ])('%s with bars of %d ms', async (name, step, expected) => {
    expect(kinds(await check(rowsAt(every(step, 20)), name))).toEqual(expected);
  });

  test('bars that begin before the one before can have ended', async () => {
    const times = [...every(hour, 1_200), ...every(5 * minute, 5, monday + 1_200 * hour)];
    const found = await check(rowsAt(times), 'BTCUSDT.csv');
    expect(found.intervalMs).toBe(hour);
    expect(found.problems).toMatchObject([
      {
        kind: 'interval-mismatch',
        line: 1_203,
        detail: expect.stringContaining('300 s after the bar before'),
      },
    ]);
  });

  test('reads the offsets', async () => {
    const found = await check(
      `${header}2025-03-07 15:30:00-05:00,2,4,1,3,1\n2025-03-10 09:30:00-04:00,2,4,1,3,1\n2025-03-10 10:30:00-04:00,2,4,1,3,1\n2025-03-10 11:30:00-04:00,2,4,1,3,1\n`,
    );
    expect(found).toMatchObject({
      timezone: '-05:00, -04:00',
      from: '2025-03-07T20:30:00.000Z',
      intervalMs: hour,
      problems: [],
    });
  });
});
