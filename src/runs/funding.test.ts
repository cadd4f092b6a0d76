import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Strategy } from '../engine/index.ts';
import { type BacktestRequest, backtestStrategy } from './strategy-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-funding-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
const iso = (at: number) => new Date(at).toISOString();

function write(name: string, header: string, rows: readonly (readonly unknown[])[]): string {
  const file = join(folder, name);
  writeFileSync(file, [header, ...rows.map((row) => row.join(','))].map((line) => `${line}\n`).join(''));
  return file;
}

/** Hourly bars at 100 for two days. */
const bars = Array.from({ length: 48 }, (_, at) => [iso(start + at * hour), 100, 101, 99, 100, 1e6]);
const candles = write('PERP.csv', 'time,open,high,low,close,volume', bars);

/** Holds 10 units, short when `side` is −1, from the third bar on. */
const holder = (side: 1 | -1): Strategy => ({
  params: {},
  indicators: () => ({}),
  next: ({ index, buy, sell }) => {
    if (index === 1) (side > 0 ? buy : sell)({ size: 10 });
  },
});

const test10 = (side: 1 | -1, changed: Partial<BacktestRequest>) =>
  backtestStrategy(
    {
      ...{ strategy: { name: 'holder', key: 'holder', code: holder(side) }, params: {} },
      files: [{ symbol: 'PERP', file: candles, format: null }],
      ...{ factors: [], funding: [], from: null, to: null, cash: 10_000, commission: 0, spread: 0 },
      ...{ slippage: 0, volumeShare: null, borrow: 0, margin: 1, fractional: false, tradeOnClose: false },
      ...{
        hedging: false,
        exclusive: false,
        finalize: false,
        compat: false,
        monteCarlo: null,
        withTrades: false,
      },
      ...changed,
    },
    { note: () => ({ count: 1, sharpeVariance: 0 }) },
  );

const rates = (name: string, every: readonly (readonly [hours: number, rate: number])[]) => [
  {
    symbol: null,
    file: write(
      name,
      'time,rate',
      every.map(([at, rate]) => [iso(start + at * hour), rate]),
    ),
  },
];

describe('funding of a backtest', () => {
  // Before the position 0.05 is nobody's; then 10 × 100 × (0.001 + 0.002 − 0.0005).
  const funding = rates('mixed.csv', [
    [0, 0.05],
    [8, 0.001],
    [16, 0.002],
    [47, -0.0005],
  ]);

  test('is paid by longs and received by shorts, and shown', async () => {
    const long = await test10(1, { funding });
    expect(long).toMatchObject({ funded: ['PERP'], borrow: 0, notes: [] });
    expect(long.funding).toBeCloseTo(2.5, 12);
    expect(long.equityFinal).toBeCloseTo(10_000 - 2.5, 9);
    const short = await test10(-1, { funding });
    expect(short.funding).toBeCloseTo(-2.5, 12);
    expect(short.equityFinal).toBeCloseTo(10_000 + 2.5, 9);
  });

  test('makes no difference where it is not given', async () => {
    const [plain, zero] = [
      await test10(1, {}),
      await test10(1, {
        funding: rates('zero.csv', [
          [0, 0],
          [47, 0],
        ]),
      }),
    ];
    expect(plain).toMatchObject({ funded: [], funding: 0, borrow: 0, equityFinal: 10_000 });
    expect(zero).toMatchObject({ funding: 0, orderHash: plain.orderHash, stats: plain.stats });
  });

  test('is found by its symbol in any spelling', async () => {
    const spelled = funding.map(({ file }) => ({ symbol: 'perp', file }));
    expect(await test10(1, { funding: spelled })).toMatchObject({ funded: ['PERP'] });
  });

  test('borrowing is shown beside it', async () => {
    const { borrow, funding: none } = await test10(-1, { borrow: 0.365 });
    // 45 hours from the open it was sold at to the last: 1000 × 0.001 a day.
    expect(borrow).toBeCloseTo(45 / 24, 9);
    expect(none).toBe(0);
  });

  test('that ends early, or is of another time, is noted', async () => {
    const { notes } = await test10(1, {
      funding: rates('early.csv', [
        [0, 0.001],
        [8, 0.001],
      ]),
    });
    expect(notes).toEqual([
      'the funding of PERP reaches from 2024-01-01 to 2024-01-01 only; none is counted outside of that',
    ]);
  });

  test.each<readonly [string, Partial<BacktestRequest>, RegExp]>([
    [
      'of an instrument that is not there',
      { funding: [{ symbol: 'X', file: 'x' }] },
      /--funding x: there are no candles of X/,
    ],
    ['twice', { funding: [...funding, ...funding] }, /a file is given for PERP already/],
    ['in compatibility mode', { funding, compat: true }, /--compat knows no funding/],
    ['as factors in compatibility mode', { factors: funding, compat: true }, /--compat knows no factors/],
  ])('is refused %s', async (_, changed, message) => {
    await expect(test10(1, changed)).rejects.toMatchObject({
      code: 'usage-invalid',
      message: expect.stringMatching(message),
    });
  });
});
