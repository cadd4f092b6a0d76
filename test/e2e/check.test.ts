import { expect, test } from 'vitest';
import { z } from 'zod';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { openWorkplace } from './workplace.ts';

const checkDocument = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({
      kind: z.enum(['look-ahead', 'warm-up', 'units', 'interval']),
      subject: z.string(),
      at: z.iso.datetime(),
      detail: z.string(),
    }),
  ),
});

const rows = walkingCandles({ seed: 21, bars: 700 });

function workplace(processes: 'shared' | 'each' = 'shared') {
  const place = openWorkplace({}, processes);
  return { place, data: ['--data', place.write('BTCUSDT_1h.csv', candleCsv(rows))] };
}

const strategy = (line: string) => `
  import { defineStrategy } from 'orrery-desk';
  export default defineStrategy({
    indicators: () => ({ slow: 'sma-30', trend: ${line} }),
    next({ crossedAbove, crossedBelow, buy, close }) {
      if (crossedAbove('close', 'trend')) buy({ size: 0.5 });
      else if (crossedBelow('close', 'trend')) close();
    },
  });`;

test('a strategy of one file that looks ahead: exit 1, and the line by its name and first bar', async () => {
  const { place, data } = workplace('each');
  const file = place.write(
    'peek.ts',
    strategy('({ close }: any) => close.map((_: number, i: number) => close[i + 1])'),
  );
  const { exitCode, stdout } = await place.run('check', file, ...data, '--json');
  expect(exitCode).toBe(1);
  const { ok, findings } = checkDocument.parse(JSON.parse(stdout));
  expect(ok).toBe(false);
  expect(findings).toMatchObject([{ kind: 'look-ahead', subject: 'trend' }]);
  const people = await place.run('check', 'peek.ts', ...data);
  expect(people.exitCode).toBe(1);
  expect(people.stdout).toMatch(/^look-ahead: trend, from 2024-01-/m);
});

test('an honest one, and what was compared', async () => {
  const { place, data } = workplace('each');
  const file = place.write(
    'honest.mjs',
    strategy('({ close }) => close.map((_, i) => close[i - 20] ?? NaN)'),
  );
  expect(await place.json(checkDocument, 'check', file, ...data)).toMatchObject({ ok: true, findings: [] });
  const people = await place.run('check', 'sma-cross', ...data, '--param', 'fast=5', '--fractional');
  expect(people.exitCode).toBe(0);
  expect(people.stdout).toMatch(/^No look-ahead found: \d+ cuts, 2 lines, \d+ orders compared\.$/m);
});

test('a desk, by its rules and without a trace', async () => {
  const { place, data } = workplace();
  const { exitCode, stdout, stderr } = await place.run('check', 'solar', ...data, '--json');
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(checkDocument.parse(JSON.parse(stdout))).toMatchObject({ ok: true, findings: [] });
  expect(await place.json(z.array(z.unknown()), 'runs', 'list')).toEqual([]);
});

test.each([
  ['no data', ['sma-cross'], 'usage-invalid', /check --help/],
  ['neither a strategy nor a desk', ['sma-cros', '--data', 'BTCUSDT_1h.csv'], 'desk-not-found', /sma-cross/],
  [
    'a parameter it does not have',
    ['sma-cross', '--data', 'BTCUSDT_1h.csv', '--param', 'fats=3'],
    'usage-invalid',
    /fast/,
  ],
])('wrong usage: %s', async (_, words, code, hint) => {
  const { place } = workplace();
  const { exitCode, error } = await place.refusal('check', ...words);
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({ code, hint: expect.stringMatching(hint) });
});
