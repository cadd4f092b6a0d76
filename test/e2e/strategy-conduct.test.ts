import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { openWorkplace } from './workplace.ts';

const place = openWorkplace({}, 'each');
const data = ['--data', place.write('BTCUSDT_1h.csv', candleCsv(walkingCandles({ seed: 5, bars: 700 })))];

const strategy = (atBarFive: string, above = '') => `
  import { existsSync, writeFileSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  import { defineStrategy } from 'orrery-desk';
  ${above}
  export default defineStrategy({
    params: { hour: 1 },
    next({ index }) {
      if (index === 5) { ${atBarFive} }
    },
  });`;

describe('what a file does when its turn is over ends the command with one error', () => {
  test.each([
    ['throws in a microtask', "queueMicrotask(() => { throw new Error('boom') });", /failed .*: boom$/],
    ['throws in a timer', "setTimeout(() => { throw new Error('boom') }, 0);", /failed .*: boom$/],
    ['throws no error', "queueMicrotask(() => { throw 'boom' });", /failed .*: boom$/],
    [
      'would throw in a while',
      "setTimeout(() => { throw new Error('boom') }, 60_000);",
      /left a timer running$/,
    ],
    ['never ends', 'setInterval(() => undefined, 60_000);', /left a timer running$/],
    ['rejects', "void Promise.reject(new Error('boom'));", /left a promise that was rejected: boom$/],
    ['ends the process', 'process.exit(0);', /ended the process with exit code 0$/],
  ])('%s', async (what, code, message) => {
    const file = place.write(`${what.replaceAll(' ', '-')}.ts`, strategy(code));
    const said = await place.run('backtest', file, ...data);
    expect(said).toMatchObject({ exitCode: 2, stdout: '' });
    const [first = '', hint, ...rest] = said.stderr.trimEnd().split('\n');
    expect([first.startsWith(`error: ${file} `), hint?.startsWith('  '), rest]).toEqual([true, true, []]);
    expect(first).toMatch(message);
  });

  test.each([
    ['fails', "queueMicrotask(() => { throw new Error('boom') });", /failed .*: boom$/],
    ['leaves', 'process.exit(0);', /ended the process with exit code 0$/],
  ])('for programs too: %s', async (what, code, message) => {
    const file = place.write(`told-${what}.ts`, strategy(code));
    for (const command of ['backtest', 'check']) {
      const { exitCode, error } = await place.refusal(command, file, ...data);
      expect(exitCode).toBe(2);
      expect(error).toMatchObject({ code: 'strategy-invalid', message: expect.stringMatching(message) });
    }
  });

  test.each([
    ['exits', 'process.exit(0);', /ended the process with exit code 0$/],
    ['waits', 'await new Promise(() => {});', /waits for a promise that is never settled$/],
  ])('when it is loaded: %s', async (what, code, message) => {
    const file = place.write(`loaded-${what}.mjs`, strategy('', code));
    const { exitCode, error } = await place.refusal('backtest', file, ...data);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'strategy-invalid', message: expect.stringMatching(message) });
    expect(error.message).toContain(file);
  });
});

test('what it prints is no result, in a sweep neither', async () => {
  const file = place.write('prints.ts', strategy("console.log('noise'); process.stdout.write('more\\n');"));
  for (const words of [[], ['--sweep', 'hour=1..8:1', '--workers', '2']]) {
    const { exitCode, stdout, stderr } = await place.run('backtest', file, ...data, ...words, '--json');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/noise\nmore/) });
    expect(() => JSON.parse(stdout)).not.toThrow();
  }
});

describe('in a sweep', () => {
  const swept = ['--sweep', 'hour=1..100:1', '--workers', '2'];
  /** The other threads wait until one has done it, and every combination takes a while. */
  const inOneThread = (deed: string, flag: string) => `
    if (isMainThread) while (!existsSync('${flag}'));
    else if (!existsSync('${flag}')) { writeFileSync('${flag}', ''); ${deed} }
    for (const end = performance.now() + 3; performance.now() < end; );`;

  test.each([
    ['ends', 'process.exit(0);', /ended a thread of the sweep before its work was done$/],
    ['fails', "queueMicrotask(() => { throw new Error('boom') });", /failed in a thread of the sweep: boom$/],
  ])('a thread that %s', async (what, deed, message) => {
    const file = place.write(`thread-${what}.ts`, strategy(inOneThread(deed, `${what}.flag`)));
    const { exitCode, error } = await place.refusal('backtest', file, ...data, ...swept);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'strategy-invalid', message: expect.stringMatching(message) });
    expect(error.message).toContain(file);
  });

  test.each([
    ['ends the process', 'process.exit(0);', /ended the process/],
    ['throws in a microtask', "queueMicrotask(() => { throw new Error('boom') });", /: boom$/],
  ])('one that %s', async (what, deed, message) => {
    const file = place.write(`swept-${what.replaceAll(' ', '-')}.ts`, strategy(deed));
    const { exitCode, error } = await place.refusal('backtest', file, ...data, ...swept.slice(0, 2));
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'strategy-invalid', message: expect.stringMatching(message) });
  });
});

describe('a file that keeps something from one run to the next', () => {
  const counting = (count: string) => `
    import { defineStrategy } from 'orrery-desk';
    let calls = 0;
    export default defineStrategy({
      params: { every: 9 },
      next({ index, params, position, buy, close }) {
        if (${count} % params.every !== 0) return;
        if (position.size === 0) buy();
        else close();
      },
    });`;
  const notes = z.object({ notes: z.array(z.string()) });
  const stateful = place.write('stateful.ts', counting('calls++'));
  const stateless = place.write('stateless.ts', counting('index'));
  const swept = ['--sweep', 'every=9..12:1', '--workers', '1'];

  test('is told beside the result', async () => {
    const single = await place.json(notes, 'backtest', stateful, ...data, '--fractional');
    expect(single.notes).toEqual([
      expect.stringMatching(/^a second run .* keeps something from one run to the next/),
    ]);
    const sweep = await place.json(notes, 'backtest', stateful, ...data, '--fractional', ...swept);
    expect(sweep.notes).toEqual([
      expect.stringMatching(/^the first combination, played again, comes to another/),
    ]);
    const people = await place.run('backtest', stateful, ...data, '--fractional', ...swept);
    expect(people.stdout).toMatch(/^Note: the first combination, played again/m);
  });

  test('and nothing is said of one that does not', async () => {
    const words = ['backtest', stateless, ...data, '--fractional'];
    expect((await place.json(notes, ...words)).notes).toEqual([]);
    expect((await place.json(notes, ...words, ...swept)).notes).toEqual([]);
  });
});
