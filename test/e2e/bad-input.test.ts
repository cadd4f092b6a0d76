import { describe, expect, test } from 'vitest';
import { type CandleRow, candleCsv, walkingCandles } from './candle-csv.ts';
import { errorDocument, runSummaries } from './documents.ts';
import { solarDesk, solarWith } from './solar-desk.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const rows = walkingCandles({ seed: 1, bars: 40 });
const good = candleCsv(rows);
/** A good file with its 20th row, which is line 21, changed. */
const withRow = (change: Partial<Record<keyof CandleRow, string | number>>) =>
  candleCsv(rows.map((row, index) => (index === 19 ? ({ ...row, ...change } as CandleRow) : row)));

const place: Workplace = openWorkplace();
const file = (name: string, content: string | Uint8Array) => ['--data', place.write(name, content)];
const desk = (name: string, text: string) => ['run', place.write(name, text), ...data];
const data = file('GOOD_1h.csv', good);
const run = ['run', 'solar', ...data];
const backtest = ['backtest', 'sma-cross', ...data];

const aliases = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
for (let level = 1; level < 9; level++) {
  aliases.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
}
/** What is wrong, the command, and what the line must say beside the code. */
const table: readonly (readonly [what: string, words: readonly string[], code: string, said: RegExp])[] = [
  ['an empty file', ['run', 'solar', ...file('empty.csv', '')], 'candles-invalid', /empty\.csv/],
  [
    'a folder',
    ['run', 'solar', '--data', place.write('folder/FILE.csv', '').replace('/FILE.csv', '')],
    'file-unreadable',
    /folder/,
  ],
  ['a file that is not there', ['run', 'solar', '--data', 'nowhere.csv'], 'file-not-found', /nowhere\.csv/],
  [
    'a file without header',
    ['run', 'solar', ...file('bare.csv', good.slice(good.indexOf('\n') + 1))],
    'candles-unrecognised',
    /header/,
  ],
  [
    'a binary file',
    [
      'run',
      'solar',
      ...file(
        'binary.csv',
        Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 256),
      ),
    ],
    'candles-unrecognised',
    /binary\.csv/,
  ],
  [
    'text in a number',
    ['run', 'solar', ...file('text.csv', withRow({ close: 'n/a' }))],
    'candles-invalid',
    /line 21/,
  ],
  [
    'a time that goes back',
    ['run', 'solar', ...file('back.csv', withRow({ time: rows[3]!.time }))],
    'candles-invalid',
    /line 21/,
  ],
  [
    'a time twice',
    ['run', 'solar', ...file('twice.csv', withRow({ time: rows[18]!.time }))],
    'candles-invalid',
    /line 21/,
  ],
  [
    'a high below the low',
    ['run', 'solar', ...file('high.csv', withRow({ high: 1 }))],
    'candles-invalid',
    /line 21/,
  ],
  [
    'a price no market has',
    ['run', 'solar', ...file('price.csv', withRow({ high: '1e300' }))],
    'candles-invalid',
    /line 21: high "1e300"/,
  ],
  [
    'carriage returns alone',
    ['run', 'solar', ...file('mac.csv', good.replaceAll('\n', '\r'))],
    'candles-unrecognised',
    /mac\.csv.*carriage returns/,
  ],
  [
    'two intervals',
    [
      ...run,
      ...file('DAILY_1d.csv', candleCsv(walkingCandles({ seed: 2, bars: 40, intervalMs: 86_400_000 }))),
    ],
    'interval-mixed',
    /1h.*1d|1d.*1h/,
  ],

  ['no such desk', ['run', 'lunar', ...data], 'desk-not-found', /lunar/],
  [
    'a desk with an unknown key',
    desk('key.yaml', solarWith('capital:', 'captial:')),
    'desk-invalid',
    /captial.*capital/,
  ],
  ['a desk with an unknown moon', desk('moon.yaml', solarWith('rsi-14', 'rsj-14')), 'moon-unknown', /rsj-14/],
  [
    'a desk that waits for itself',
    desk('cycle.yaml', solarWith(/moons: (.*)\n/, 'moons: $1\n    depends_on: [risk]\n')),
    'agents-invalid',
    /technical.*risk|risk.*technical/,
  ],
  [
    'a bomb of aliases',
    desk('bomb.yaml', `${solarDesk}\n${aliases.join('\n')}\n`),
    'desk-invalid',
    /bomb\.yaml/,
  ],
  [
    'negative capital',
    desk('capital.yaml', solarWith('capital: 10000', 'capital: -1')),
    'desk-invalid',
    /capital/,
  ],
  [
    'capital that no calculation survives',
    desk('rich.yaml', solarWith('capital: 10000', 'capital: 1.797e308')),
    'desk-invalid',
    /capital.*1e15/,
  ],
  [
    'an agent whose rules read none of its moons',
    desk('mute.yaml', solarWith(/moons: .*/, 'moons: [ema-50, atr-14]')),
    'agents-invalid',
    /technical.*ema-50, atr-14/,
  ],
  ['a desk that is no YAML', desk('broken.yaml', '{ desk: ['), 'desk-invalid', /broken\.yaml:\d+:\d+/],
  [
    'a real instrument without data',
    ['run', place.write('real.yaml', solarWith('SYN-A', 'BTCUSDT'))],
    'usage-invalid',
    /BTCUSDT/,
  ],

  [
    'a range that ends before it begins',
    [...run, '--from', '2024-01-02', '--to', '2024-01-01'],
    'usage-invalid',
    /--from/,
  ],
  ['a range without a bar', [...run, '--from', '2030-01-01'], 'range-empty', /2030-01-01/],
  ['a day that is none', [...run, '--from', '2024-02-30'], 'usage-invalid', /2024-02-30/],
  ['a time that is none', [...run, '--from', 'yesterday'], 'usage-invalid', /yesterday/],
  ['a bad id', [...run, '--id', '../up'], 'usage-invalid', /\.\.\/up/],
  ['a bad seed', [...run, '--seed', '1.5'], 'usage-invalid', /1\.5/],
  ['no desk at all', ['run', ...data], 'usage-invalid', /desk/],
  ['an unknown option', [...run, '--fast'], 'usage-invalid', /--fast/],
  ['an unknown command', ['rum', 'solar'], 'usage-invalid', /rum.*run/],
  ['half a command', ['runs'], 'usage-invalid', /list/],
  [
    'a resume with another range',
    ['run', '--resume', 'a', '--from', '2024-01-01'],
    'usage-invalid',
    /--from/,
  ],
  ['a resume with a desk', ['run', 'solar', '--resume', 'a'], 'usage-invalid', /desk/],
  ['a resume of no run', ['run', '--resume', 'nothing'], 'run-not-found', /nothing/],
  ['a record that is not there', ['decisions', 'show', 'nothing.1'], 'record-not-found', /nothing\.1/],
  [
    'a configuration with an unknown key',
    [...run, '--config', place.write('wrong.yaml', 'llm: { provider: {} }')],
    'configuration-invalid',
    /provider.*providers/,
  ],
  ['a file for a project', ['init', place.write('project', '')], 'usage-invalid', /project/],
  [
    'a configuration that is not there',
    [...run, '--config', 'nowhere.yaml'],
    'file-not-found',
    /nowhere\.yaml/,
  ],

  ['a sweep that goes down', [...backtest, '--sweep', 'fast=5..1:1'], 'usage-invalid', /fast.*5 down to 1/],
  ['a sweep without step', [...backtest, '--sweep', 'fast=1..5'], 'usage-invalid', /fast=1\.\.5/],
  ['a sweep that stands still', [...backtest, '--sweep', 'fast=1..5:0'], 'usage-invalid', /step is 0/],
  ['a sweep of nothing known', [...backtest, '--sweep', 'fst=1..5:1'], 'usage-invalid', /fst/],
  [
    'a parameter given twice',
    [...backtest, '--param', 'fast=3', '--param', 'fast=4'],
    'usage-invalid',
    /fast.*twice/,
  ],
  [
    'a parameter both swept and fixed',
    [...backtest, '--sweep', 'fast=1..5:1', '--param', 'fast=3'],
    'usage-invalid',
    /fast.*both/,
  ],
  [
    'more combinations than can be counted',
    [...backtest, '--sweep', 'fast=1..2000:1', '--sweep', 'slow=1..2000:1'],
    'usage-invalid',
    /4000000.*1000000/,
  ],
  ['a walk without a sweep', [...backtest, '--walk-forward', '10:5'], 'usage-invalid', /--sweep/],
  [
    'a walk longer than the data',
    [...backtest, '--sweep', 'fast=1..5:1', '--walk-forward', '100:50'],
    'range-empty',
    /2 days/,
  ],
  ['no worker', [...backtest, '--sweep', 'fast=1..5:1', '--workers', '0'], 'usage-invalid', /--workers/],
  ['no sample', [...backtest, '--monte-carlo', '0'], 'usage-invalid', /--monte-carlo/],
];

/** A file, a desk, the database and the parser of options each refuse in their own place. */
const toldToPeople = table.filter(([what]) =>
  ['text in a number', 'a bomb of aliases', 'a resume of no run', 'an unknown option'].includes(what),
);

describe('bad input is refused with its code, one line and a hint, and nothing else is said', () => {
  test.each(table)('%s', async (_, words, code, said) => {
    const { exitCode, stdout, stderr } = await place.run(...words, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    const { error } = errorDocument.parse(JSON.parse(stdout));
    expect(error).toMatchObject({ code, message: expect.stringMatching(said), retryable: false });
    for (const line of [error.message, error.hint]) expect(line).toMatch(/^(?!.*(?:undefined|\[object)).+$/);
  });
});

describe('people read the same', () => {
  test.each(toldToPeople)('%s', async (_, words, _code, said) => {
    const told = await place.begin(...words).ended;
    expect(told).toMatchObject({ exitCode: 2, stdout: '' });
    expect(told.stderr).toMatch(/^error: .+\n {2}\S.+\n$/);
    expect(told.stderr).toMatch(said);
  });
});

test('and no run is left behind', async () => {
  expect(await place.json(runSummaries, 'runs', 'list')).toEqual([]);
});
