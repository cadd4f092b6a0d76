import { expect, test } from 'vitest';
import { z } from 'zod';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { singleBacktest } from './documents.ts';
import { openWorkplace } from './workplace.ts';

const place = openWorkplace();
const apart = openWorkplace({}, 'each');
const file = place.write('WALK_1d.csv', candleCsv(walkingCandles({ seed: 5, bars: 500 })));
const own = place.write(
  'own.ts',
  `import { defineStrategy } from 'orrery-desk';
   export default defineStrategy({
     params: { every: 7 },
     indicators: () => ({}),
     next: ({ index, params, position, buy, close }) => {
       if (index % params.every !== 0) return;
       if (position.size === 0) buy();
       else close();
     },
   });`,
);
const named = singleBacktest.extend({ strategy: z.string(), orderHash: z.string() });
const comparison = z.strictObject({ comparison: z.array(named) });
const settings = ['--data', file, '--fractional', '--spread', '0.001'];

test('several strategies give the document of each, in the order given', async () => {
  const document = await apart.json(comparison, 'backtest', 'macd', own, 'sma-cross', ...settings);
  expect(document.comparison.map(({ strategy }) => strategy)).toEqual(['macd', 'own', 'sma-cross']);
  for (const [at, strategy] of ['macd', own, 'sma-cross'].entries()) {
    const { orderHash, stats } = await (strategy === own ? apart : place).json(
      named,
      'backtest',
      strategy,
      ...settings,
    );
    expect(document.comparison[at]).toMatchObject({ orderHash, stats });
  }
});

test('a parameter goes to those that have it', async () => {
  const words = ['backtest', own, 'sma-cross', ...settings, '--param', 'every=5', '--param', 'slow=40'];
  const document = await apart.json(comparison, ...words);
  expect(document.comparison.map(({ params }) => params)).toEqual([
    { every: 5 },
    { fast: 10, slow: 40, size: 0 },
  ]);
});

test('people get a verdict for each and one table, within 80 columns', async () => {
  const { exitCode, stdout } = await apart.run('backtest', 'macd', own, 'sma-cross', ...settings);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Skill is shown for none of the 3\.|Luck alone seldom does what/);
  expect(stdout.match(/^ {4}(Luck alone|Can't tell|It loses|Insufficient)/gm)).toHaveLength(3);
  expect(stdout).toMatch(/^ +macd +own +sma-cross +hold$/m);
  for (const row of [
    'verdict',
    'return',
    'sharpe − hold',
    'random entries',
    'costs doubled',
    'days needed',
  ]) {
    expect(stdout).toContain(`\n  ${row} `);
  }
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test.each([
  [
    '--sweep',
    ['macd', 'momentum', '--sweep', 'size=1..2:1'],
    '--sweep belongs to one strategy, and 2 are given',
  ],
  ['--walk-forward', ['macd', 'momentum', '--walk-forward', '5:5'], '--walk-forward belongs to one strategy'],
  ['--monte-carlo', ['macd', 'momentum', '--monte-carlo', '9'], '--monte-carlo belongs to one strategy'],
  ['--trades', ['macd', 'momentum', '--trades'], '--trades belongs to one strategy'],
  [
    'an unknown parameter',
    ['macd', 'momentum', '--param', 'sloww=4'],
    'none of macd, momentum has a parameter',
  ],
  ['the same twice', ['macd', 'momentum', 'macd'], 'the strategy macd is given twice'],
  ['a file of candles', ['macd', file], 'is no strategy'],
])('%s is refused with several', async (_, words, message) => {
  const { exitCode, error } = await place.refusal('backtest', ...words, '--data', file);
  expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'usage-invalid' });
  expect(error.message).toContain(message);
  expect(error.hint).not.toBeNull();
});
