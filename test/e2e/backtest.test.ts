import { expect, test } from 'vitest';
import { z } from 'zod';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { describeOnRealData, rawShares } from './real-data.ts';
import { openWorkplace } from './workplace.ts';

const place = openWorkplace();
const apart = openWorkplace({}, 'each');
const file = place.write('WALK_1d.csv', candleCsv(walkingCandles({ seed: 5, bars: 500 })));

const document = z.object({
  strategy: z.string(),
  params: z.record(z.string(), z.number()),
  bars: z.number(),
  trades: z.number(),
  equityFinal: z.number(),
  cash: z.number(),
  costs: z.object({ commission: z.number(), spread: z.number() }),
  notes: z.array(z.string()),
  refused: z.number(),
  stats: z.object({ returnPct: z.number(), sharpe: z.number().nullable() }).loose(),
  honesty: z
    .object({
      baselines: z.object({ random: z.object({ pValue: z.number() }).loose().nullable() }).loose(),
      stress: z.record(z.string(), z.number()),
      evidence: z.object({ trials: z.number() }).loose(),
    })
    .optional(),
  orderHash: z.string().regex(/^[0-9a-f]{64}$/),
  timings: z.record(z.string(), z.number()),
  tradeList: z
    .array(z.object({ quantity: z.number(), pnl: z.number(), entry: z.number() }).loose())
    .optional(),
});
const backtest = (...words: readonly string[]) => place.json(document, 'backtest', ...words);

test('a shipped strategy is tested, costs on, beside its baselines', async () => {
  const tested = await backtest('sma-cross', '--data', file, '--fractional', '--trades');
  expect(tested).toMatchObject({ strategy: 'sma-cross', params: { fast: 10, slow: 30, size: 0 }, bars: 500 });
  expect(tested.costs.commission).toBeGreaterThan(0);
  expect(tested.tradeList).toHaveLength(tested.trades);
  expect(tested.stats.returnPct).toBeCloseTo((tested.equityFinal / tested.cash - 1) * 100, 9);
  expect(tested.honesty?.baselines.random?.pValue).toBeGreaterThan(0);
  const again = await backtest('sma-cross', '--data', file, '--fractional');
  expect(again.orderHash).toBe(tested.orderHash);
  expect(again.honesty?.evidence).toEqual(tested.honesty?.evidence);
});

test('every other variant that was tried on the same candles counts', async () => {
  const own = openWorkplace();
  const trials = async (...words: readonly string[]) =>
    (await own.json(document, 'backtest', ...words, '--data', file)).honesty?.evidence.trials;
  expect(await trials('sma-cross')).toBe(1);
  expect(await trials('sma-cross', '--param', 'fast=5')).toBe(2);
  expect(await trials('macd')).toBe(3);
  expect(await trials('sma-cross')).toBe(3);
});

test.each(['ts', 'mjs'])("one's own strategy is a .%s file in any folder", async (ending) => {
  const strategy = place.write(
    `deep/er/own.${ending}`,
    `import { defineStrategy } from 'orrery-desk';
    export default defineStrategy({
      params: { period: 20 },
      indicators: ({ period }) => ({ mean: \`ema-\${period}\`, twice: ({ close }) => close.map((price) => 2 * price) }),
      next({ params, bar, index, position, equity, indicator, crossedAbove, buy, sell, close, protect }) {
        if (!(equity > 0) || indicator('twice') !== 2 * bar.close || indicator('close', 1) <= 0) throw new Error('lines');
        if (crossedAbove('close', 'mean') && position.size === 0) buy({ size: 0.5, sl: bar.close * 0.9 });
        else if (position.size > 0 && bar.close < indicator('mean')) close();
        if (position.size > 0) protect(bar.close * 0.8);
      },
    });`,
  );
  const words = [strategy, '--data', file, '--fractional', '--param', 'period=10'];
  const tested = await apart.json(document, 'backtest', ...words);
  expect(tested).toMatchObject({ strategy: 'own', params: { period: 10 } });
  expect(tested.trades).toBeGreaterThan(5);
});

test('funding is paid as a file says, and shown; a rate that nobody pays is refused with its line', async () => {
  const rates = place.write('funding.csv', 'time,rate\n2024-01-01,0.0001\n2026-01-01,0.0001\n');
  const paid = z.object({ funding: z.number(), borrow: z.number(), funded: z.array(z.string()) });
  const words = ['backtest', 'buy-and-hold', '--data', file, '--fractional', '--funding'];
  const document = await place.json(paid, ...words, rates);
  expect(document).toMatchObject({ funded: ['WALK'], borrow: 0 });
  const wrong = place.write('wrong.csv', 'time,rate\n2024-01-01,0.01\n2024-01-02,1\n');
  expect((await place.refusal(...words, `walk=${wrong}`)).error.message).toMatch(/wrong\.csv, line 3/);
});

test('compatibility mode has no costs but those given, and the statistics of the other program', async () => {
  const compatible = await backtest(
    'sma-cross',
    '--data',
    file,
    '--compat',
    '--exclusive',
    '--cash',
    '1000000',
  );
  expect(compatible.costs).toEqual({ commission: 0, spread: 0 });
  expect(compatible.honesty).toBeUndefined();
  expect(compatible.stats).toHaveProperty('sqn');
});

test.each<readonly [string, readonly string[], RegExp]>([
  ['no such strategy', ['sma-crss', '--data', file], /Did you mean sma-cross/],
  [
    'a file that is no strategy',
    [place.write('bad.mjs', 'export default 3;'), '--data', file],
    /export default defineStrategy/,
  ],
  ['a file that does not parse', [place.write('worse.ts', 'export default {'), '--data', file], /--verbose/],
  [
    'an indicator that does not exist',
    [place.write('x.mjs', strategyOf("{ a: 'smaa-3' }")), '--data', file],
    /indicators/,
  ],
  [
    'a line that is not named',
    [place.write('y.mjs', strategyOf('{}', "indicator('mean')")), '--data', file],
    /close/,
  ],
  [
    'a stop-loss on the wrong side',
    [place.write('z.mjs', strategyOf('{}', 'buy({ sl: 1e9 })')), '--data', file],
    /./,
  ],
  ['a parameter it does not have', ['sma-cross', '--data', file, '--param', 'fats=3'], /Did you mean fast/],
  ['a parameter without a value', ['sma-cross', '--data', file, '--param', 'fast'], /--param fast=10/],
  ['no candles', ['sma-cross'], /backtest --help/],
  [
    'two instruments by the other program',
    ['sma-cross', '--data', file, '--data', `B=${file}`, '--compat'],
    /one --data/,
  ],
  ['a margin of nothing', ['sma-cross', '--data', file, '--margin', '0'], /--margin/],
])('%s: one line, a hint, exit 2', async (_, words, hint) => {
  const isOwn = words[0]?.startsWith('/') === true;
  const { exitCode, error } = await (isOwn ? apart : place).refusal('backtest', ...words);
  expect(exitCode).toBe(2);
  expect(error.message).not.toContain('\n');
  expect(error.hint).toMatch(hint);
});

function strategyOf(lines: string, act = ''): string {
  return `import { defineStrategy } from 'orrery-desk';
  export default defineStrategy({ indicators: () => (${lines}), next({ indicator, buy }) { ${act}; } });`;
}

test('for people it says what luck has to do with it', async () => {
  const { stdout, exitCode } = await place.run('backtest', 'donchian', '--data', file, '--fractional');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Holding returned/);
  expect(stdout).toMatch(/luck|Insufficient evidence/);
  expect(stdout).toMatch(/With costs doubled/);
});

describeOnRealData('raw shares over a 4:1 split', () => {
  const data = ['--data', `AAPL=${rawShares}@lean-equity`, '--from', '2020-01-02', '--to', '2020-12-31'];
  const factors = rawShares.replace('aapl.csv', 'factor_files/aapl.csv');

  test('show no phantom loss with their factors, and say so without', async () => {
    const plain = await backtest('buy-and-hold', ...data);
    expect(plain.notes).toEqual([expect.stringContaining('AAPL looks split on 2020-08-31')]);
    const known = await backtest('buy-and-hold', ...data, '--factors', factors);
    expect(known.notes).toEqual([]);
    // Yahoo's adjusted prices went from 72.40 or so to 133: up by four fifths, not down by half.
    expect(plain.stats.returnPct).toBeLessThan(-40);
    expect(known.stats.returnPct).toBeGreaterThan(70);
    expect(known.stats.returnPct).toBeLessThan(90);
  });
});
