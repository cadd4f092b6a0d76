import { expect, test } from 'vitest';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { singleBacktest, sweepDocument, walkForwardDocument } from './documents.ts';
import { openWorkplace } from './workplace.ts';

const place = openWorkplace();
const bars = 100 * 24;
const rows = walkingCandles({ seed: 3, bars });
const file = place.write('WALKUSDT_1h.csv', candleCsv(rows));
const whole = ['backtest', 'sma-cross', '--data', file];
const onCandles = [...whole, '--fractional'];
const swept = ['--sweep', 'fast=5..15:5', '--sweep', 'slow=20..40:10'];

test.each<[conventions: string, mode: readonly string[]]>([
  ['by default', ['--fractional']],
  ['in compatibility', ['--compat']],
])('every row is a single backtest to the last bit, on any number of threads, %s', async (_, mode) => {
  const [alone, three] = await Promise.all(
    ['1', '3'].map((workers) => place.json(sweepDocument, ...whole, ...mode, ...swept, '--workers', workers)),
  );
  expect(alone?.workers).toBe(1);
  expect(three).toEqual({ ...alone, workers: 3, timings: three?.timings });
  expect(three?.results.map(({ params }) => [params['fast'], params['slow']])).toEqual(
    [5, 10, 15].flatMap((fast) => [20, 30, 40].map((slow) => [fast, slow])),
  );

  const row = three!.results[7]!;
  const given = ['--param', 'fast=15', '--param', 'slow=30'];
  const { params, equityFinal, trades, fees, refused, stats } = await place.json(
    singleBacktest,
    ...whole,
    ...mode,
    ...given,
  );
  const { returnPct, sharpe, maxDrawdownPct } = stats;
  expect(row).toMatchObject({
    params,
    equityFinal,
    trades,
    fees,
    refused,
    returnPct,
    sharpe,
    maxDrawdownPct,
  });
  expect(trades).toBeGreaterThan(20);
  const sharpes = three!.results.map((one) => one.sharpe!);
  expect(three?.best?.sharpe).toBe(Math.max(...sharpes));
});

test('a combination that fails is a row with its error', async () => {
  const { failed, best, results, trials } = await place.json(
    sweepDocument,
    ...onCandles,
    '--sweep',
    'fast=0..2:1',
  );
  expect([failed, trials, results.length]).toEqual([1, 2, 3]);
  expect(results[0]).toMatchObject({
    params: { fast: 0 },
    equityFinal: null,
    error: expect.stringContaining('sma-0'),
  });
  expect(best?.params['fast']).toBeGreaterThan(0);
});

test("one's own strategy is loaded by every thread", async () => {
  const strategy = place.write(
    'own.ts',
    `import { defineStrategy } from 'orrery-desk';
     export default defineStrategy({
       params: { hour: 1 },
       next: ({ index, params, position, buy, close }) => {
         if (index % 24 === params.hour) buy({ size: 1 });
         else if (position.size > 0) close();
       },
     });`,
  );
  const words = ['backtest', strategy, '--data', file, '--sweep', 'hour=1..6:1', '--workers', '2'];
  const { strategy: name, results } = await openWorkplace({}, 'each').json(sweepDocument, ...words);
  expect(name).toBe('own');
  expect(results.map(({ trades }) => trades)).toEqual(Array(6).fill(bars / 24));
});

test('no bar of a test has a part in the choice before it', async () => {
  const words = (data: string) => [
    'backtest',
    'sma-cross',
    '--data',
    data,
    '--fractional',
    ...swept,
    '--walk-forward',
    '30:10:2',
  ];
  const known = await place.json(walkForwardDocument, ...words(file));
  const { windows } = known;
  expect(windows).toHaveLength(6);
  const third = windows[2]!;
  expect(third).toMatchObject({
    train: { from: '2024-01-21T00:00:00.000Z', to: '2024-02-20T00:00:00.000Z' },
    test: { from: '2024-02-22T00:00:00.000Z', to: '2024-03-03T00:00:00.000Z' },
  });

  const cut = rows.findIndex(({ time }) => time === third.train.to);
  const other = walkingCandles({ seed: 4, bars, volatilityPct: 3 });
  const garbled = place.write(
    'garbled/WALKUSDT_1h.csv',
    candleCsv([...rows.slice(0, cut), ...other.slice(cut)]),
  );
  const { windows: garbledWindows } = await place.json(walkForwardDocument, ...words(garbled));
  expect(garbledWindows[0]).toEqual(windows[0]);
  const { params, inSampleSharpe } = third;
  expect(garbledWindows[2]).toMatchObject({ params, inSampleSharpe });
  expect(garbledWindows[2]?.outOfSampleSharpe).not.toBe(third.outOfSampleSharpe);

  const growth = windows.reduce((product, { returnPct }) => product * (1 + returnPct! / 100), 1);
  expect(known.outOfSample.returnPct).toBeCloseTo((growth - 1) * 100, 8);
  expect(known.outOfSample.days).toBe(60);
});

test('people get the verdict of a walk-forward, what holding came to, and what was not tested', async () => {
  const { stdout } = await place.run(...onCandles, ...swept, '--walk-forward', '30:10:2');
  expect(stdout).toMatch(/^Returned .* Holding returned .* Insufficient evidence: 60 days\s/m);
  expect(stdout).toMatch(/^ {15,}chosen {7}hold$/m);
  expect(stdout).toMatch(/^The last 192 bars were not tested, from 2024-04-02 00:00 UTC on/m);
});

test('the days of a test are drawn anew by a seed', async () => {
  const drawn = (seed: string) =>
    place.json(singleBacktest, ...onCandles, '--monte-carlo', '200', '--seed', seed);
  const [one, same, other] = await Promise.all([drawn('1'), drawn('1'), drawn('2')]);
  expect(one?.monteCarlo).toMatchObject({ samples: 200, seed: 1, days: 100 });
  expect(same?.monteCarlo).toEqual(one?.monteCarlo);
  expect(other?.monteCarlo?.finalEquity).not.toEqual(one?.monteCarlo?.finalEquity);
  const { p5, p50, p95 } = one!.monteCarlo!.finalEquity;
  expect(p5 < p50 && p50 < p95).toBe(true);
});

test('a single backtest afterwards knows that all of them were tried', async () => {
  const fresh = openWorkplace();
  const words = ['backtest', 'sma-cross', '--data', file, '--fractional'];
  for (const workers of ['1', '2']) {
    await fresh.json(sweepDocument, ...words, '--sweep', 'fast=5..15:5', '--workers', workers);
  }
  const again = await fresh.json(singleBacktest, ...words, '--param', 'fast=15');
  expect(again.honesty?.evidence.trials).toBe(3);
  const other = await fresh.json(singleBacktest, ...words, '--param', 'fast=20');
  expect(other.honesty?.evidence.trials).toBe(4);
});

test('people get the best, a map, and what it is worth', async () => {
  const { exitCode, stdout } = await place.run(...onCandles, ...swept);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/9 combinations on \d workers?; the best by Sharpe:/);
  expect(stdout).toMatch(/sharpe by fast \(down\) and slow \(across\)/);
  expect(stdout).toMatch(/Best of 9: deflated Sharpe 0\.\d\d over 100 days/);
  expect(stdout).toMatch(/Probability of overfitting 0\.\d\d/);
  expect(stdout).toMatch(/^hold\t\t[−\d]/m);
  expect(stdout).toMatch(/^Insufficient evidence: 100 days/m);
  expect(stdout.replaceAll('\n', ' ')).toMatch(/(Not even the best|The best) beats holding/);
});

test('Ctrl-C ends all threads at once and prints nothing half', async () => {
  const endless = ['--sweep', 'fast=5..200:1', '--sweep', 'slow=201..300:1', '--workers', '2'];
  const command = place.begin(...onCandles, ...endless);
  await command.says('backtests');
  command.signal('SIGINT');
  const { exitCode, stdout, stderr } = await command.ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/error: the sweep was stopped after \d+ of 19600 backtests/);
});
