import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { play, prepare } from '../../../test/ensemble-place.ts';
import { isoTime, type JsonValue } from '../../core/index.ts';
import { type AgentDefinition, createEnsembleFiles, type Runner } from '../../ensemble/index.ts';
import { rsi } from '../../market/index.ts';
import { createMoonRunner } from './moon-runner.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2024, 0, 1);

/** Hourly bars that go up and down. */
function bars(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const close = 100 + 10 * Math.sin(index / 3);
    return {
      time: isoTime(start + index * hourMs),
      ...{ open: close - 0.5, high: close + 1, low: close - 1, close, volume: 5 },
    };
  });
}

function csv(count: number): string {
  const rows = bars(count).map((bar) => Object.values(bar).join(','));
  return ['time,open,high,low,close,volume', ...rows, ''].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'moon-runner-'));
const files = createEnsembleFiles(folder, { cwd: folder, folders: [], runners: new Map() });

function ask(moons: { readonly [agent: string]: object }, input: JsonValue, runner = createMoonRunner()) {
  const agents = Object.entries(moons).map(([name, keys]) => [name, { kind: 'moon', ...keys }]);
  return play(
    {
      ensemble: 'test',
      agents: Object.fromEntries(agents) as { [name: string]: AgentDefinition },
      output: { template: 'done' },
    },
    typeof input === 'string' ? input : JSON.stringify(input),
    { runners: [runner as Runner], files },
  );
}

async function outputOf(moon: string, input: JsonValue, keys: object = {}) {
  const { agents } = await ask({ one: { moon, ...keys } }, input);
  return agents['one']!.output;
}

async function errorOf(input: JsonValue, keys: object = {}) {
  const { agents } = await ask({ one: { moon: 'rsi-14', ...keys } }, input);
  return agents['one']!.error;
}

describe('a moon', () => {
  test('gives its values at the close of the last bar, of a list as of a file', async () => {
    const closes = Float64Array.from(bars(60), ({ close }) => close);
    const expected = {
      ...{ moon: 'rsi-14', at: '2024-01-03T12:00:00.000Z', close: closes[59], bars: 60, missing: [] },
      values: { 'rsi-14': { value: rsi(closes, 14)[59], unit: 'score' } },
    };
    writeFileSync(join(folder, 'BTCUSDT_1h.csv'), csv(60));
    expect(await outputOf('rsi-14', 'BTCUSDT_1h.csv\n')).toEqual(expected);
    expect(await outputOf('rsi-14', bars(60))).toEqual(expected);
    expect(await outputOf('rsi-14', { market: bars(60) }, { candles: 'input.market' })).toEqual(expected);
  });

  test('of several values names each', async () => {
    const { values } = (await outputOf('macd', bars(60))) as { values: object };
    expect(Object.keys(values)).toEqual(['macd', 'macd.signal', 'macd.histogram']);
    expect(values).toMatchObject({ macd: { value: expect.any(Number), unit: 'price' } });
  });

  test('that is warming up says which of its values are missing, and has not failed', async () => {
    const missing = (...names: readonly string[]) => names.map((name) => ({ name, reason: 'warming-up' }));
    expect(await outputOf('macd', bars(30))).toMatchObject({
      ...{ bars: 30, values: { macd: { value: null, unit: 'price' } } },
      missing: missing('macd', 'macd.signal', 'macd.histogram'),
    });
    expect(await outputOf('volume', bars(5))).toMatchObject({
      values: { volume: { value: 5, unit: 'units' }, 'volume.average-20': { value: null } },
      missing: missing('volume.average-20', 'volume.ratio'),
    });
  });

  test('takes times in seconds and milliseconds, times without a zone as UTC, and no volume as 0', async () => {
    const timed = (time: (at: number) => string | number) =>
      bars(30).map(({ volume: _, ...bar }, index) => ({ ...bar, time: time(start + index * hourMs) }));
    for (const time of [
      (at: number) => at,
      (at: number) => at / 1_000,
      (at: number) => isoTime(at).slice(0, 16).replace('T', ' '),
    ]) {
      expect(await outputOf('volume', timed(time))).toMatchObject({
        at: '2024-01-02T06:00:00.000Z',
        values: { volume: { value: 0 } },
      });
    }
  });
});

test('what a moon says can be spoken of in templates and expressions', async () => {
  const document = await play(
    {
      ensemble: 'test',
      agents: {
        strength: { kind: 'moon', moon: 'rsi-14' } as unknown as AgentDefinition,
        momentum: { kind: 'moon', moon: 'macd' } as unknown as AgentDefinition,
        late: {
          ...({ kind: 'say', say: 'above' } as unknown as AgentDefinition),
          depends_on: ['momentum'],
          when: 'momentum.output.values["macd.signal"].value > -1000.0',
        },
      },
      output: { template: '{{agents.strength.values.rsi-14.value}} {{agents.late}}' },
    },
    JSON.stringify(bars(60)),
    { runners: [createMoonRunner() as Runner] },
  );
  expect(document.output).toMatch(/^\d+\.\d+ above$/);
});

describe('candles', () => {
  const [first, second, ...others] = bars(5);
  test.each([
    ['a file that is not there', 'none.csv', 'file-not-found', /none.csv/],
    ['a text of several lines', csv(3), 'agent-failed', /^`input` gives a text of 4 lines, which is no path/],
    ['a text too long for a path', 'x'.repeat(301), 'agent-failed', /a text of 301 characters/],
    ['neither a path nor a list', { candles: 1 }, 'agent-failed', /`input` gives neither/],
    ['no bars', [], 'candles-invalid', /interval cannot be measured/],
    ['one bar', [first!], 'candles-invalid', /interval cannot be measured/],
    [
      'a bar without a close',
      [first!, { ...second!, close: null }],
      'candles-invalid',
      /1.*close.*price > 0/,
    ],
    ['a time nobody knows', [first!, { ...second!, time: 'noon' }], 'candles-invalid', /\[1\]: "noon"/],
    ['an order of its own', [second!, first!, ...others], 'candles-invalid', /\[1\]: it is not later/],
    ['a high below its close', [{ ...first!, high: 1 }, second!], 'candles-invalid', /\[0\]: its high/],
  ])('of %s are refused', async (_what, input, code, words) => {
    expect(await errorOf(input)).toMatchObject({ code, message: expect.stringMatching(words) });
  });

  test('of one file are read once for all moons, and again when the file has changed', async () => {
    const runner = createMoonRunner();
    const file = join(folder, 'ETHUSDT_1h.csv');
    writeFileSync(file, csv(50));
    utimesSync(file, 1_000, 1_000);
    const barsOf = async () => {
      const { agents } = await ask(
        { one: { moon: 'rsi-14' }, two: { moon: 'macd' } },
        'ETHUSDT_1h.csv',
        runner,
      );
      return Object.values(agents).map(({ output }) => (output as { bars: number }).bars);
    };
    expect(await barsOf()).toEqual([50, 50]);
    // Of the same size and age, it is taken for the same.
    writeFileSync(file, 'x'.repeat(csv(50).length));
    utimesSync(file, 1_000, 1_000);
    expect(await barsOf()).toEqual([50, 50]);
    writeFileSync(file, csv(40));
    expect(await barsOf()).toEqual([40, 40]);
  });
});

test.each([
  [{ moon: 'rsi-14x' }, 'moon-unknown', /there is no moon/],
  [{ moon: 'rsi' }, 'moon-unknown', /needs a number/],
  [{ moon: 'rsi-14', candels: 'input' }, 'ensemble-invalid', /did you mean `candles`/],
  [{ moon: 'rsi-14', candles: 'inputt' }, 'ensemble-invalid', /`inputt` is no expression/],
])('the settings %o are refused before anything runs', (keys, code, words) => {
  const agents = { one: { kind: 'moon', ...keys } as AgentDefinition };
  expect(() => prepare({ ensemble: 'test', agents }, { runners: [createMoonRunner() as Runner] })).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(words) }),
  );
});
