import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { play, prepare } from '../../test/ensemble-place.ts';
import { Deadlines } from './deadlines.ts';
import { type CodeTurn, type CodeWork, inputOf, runEnsemble } from './index.ts';

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
const open: Deadlines[] = [];
const begin = (signal: AbortSignal | null = null) => {
  const deadlines = new Deadlines(signal);
  open.push(deadlines);
  return deadlines;
};
afterEach(() => {
  for (const deadlines of open.splice(0)) deadlines.release();
});

describe('deadlines', () => {
  test('pass in the order of their times, on one timer, and tell', async () => {
    const before = timers();
    const deadlines = begin();
    const told: string[] = [];
    const long = deadlines.begin(60_000, () => told.push('long'));
    const sooner = deadlines.begin(5, () => told.push('sooner'));
    const later = deadlines.begin(30, () => told.push('later'));
    expect(timers()).toBe(before + 1);
    const { signal } = sooner;
    await wait(80);
    expect(told).toEqual(['sooner', 'later']);
    expect([signal.aborted, later.signal.aborted, long.signal.aborted]).toEqual([true, true, false]);
  });

  test('do not pass for who is done before, nor once released', async () => {
    const before = timers();
    const deadlines = begin();
    const told: string[] = [];
    deadlines.end(deadlines.begin(1, () => told.push('done')));
    deadlines.begin(5, () => told.push('released'));
    deadlines.release();
    expect(timers()).toBe(before);
    await wait(20);
    expect(told).toEqual([]);
  });

  test('all pass when the run is cancelled, without being late, and those begun after it at once', () => {
    const controller = new AbortController();
    const before = timers();
    const deadlines = begin(controller.signal);
    const tell = () => {
      throw new RangeError('nobody was late');
    };
    const begun = [deadlines.begin(60_000, tell), deadlines.begin(60_000, tell)];
    const listened = begun[0]!.signal;
    controller.abort();
    const after = deadlines.begin(0, tell);
    expect(listened.aborted).toBe(true);
    expect([...begun, after].every(({ signal }) => signal.aborted)).toBe(true);
    expect(deadlines.signal.aborted).toBe(true);
    expect(timers()).toBe(before);
    expect(begin(controller.signal).signal.aborted).toBe(true);
  });
});

describe('an agent of a program', () => {
  const code = (run: CodeWork, more: object = {}) =>
    ({ kind: 'code', run, timeoutMs: 60_000, ...more }) as const;
  const deaf = () => new Promise<never>(() => undefined);

  test('finds its signal on its turn, in each round and for each item too', async () => {
    const seen = new Set<AbortSignal>();
    const look = code(async (turn: CodeTurn) => {
      expect(turn.signal).toBe(turn.signal);
      expect(turn.signal.aborted).toBe(false);
      seen.add(turn.signal);
      return 1;
    });
    const agents = {
      once: look,
      rounds: { ...look, loop: { until: 'round > 1', max: 3 } },
      items: { ...look, fanOut: '[1, 2]' },
      unlimited: { kind: 'code', run: look.run } as const,
    };
    const document = await play({ ensemble: 'test', agents, output: { from: 'once' } });
    expect(document.status).toBe('completed');
    expect(seen.size).toBe(6);
  });

  test('that hears nothing does not keep a cancelled run, nor a timer', async () => {
    const before = timers();
    const controller = new AbortController();
    const agents = { a: code(deaf), b: code(deaf), c: code(deaf, { depends_on: ['a'] }) };
    const running = play(
      { ensemble: 'test', agents, output: { from: 'c' } },
      '',
      {},
      { signal: controller.signal },
    );
    expect(timers()).toBe(before + 1);
    controller.abort();
    // At once: what else this process waits for comes and goes.
    expect(timers()).toBe(before);
    expect(await running).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
  });

  test('one of many at work at one time warns of no leak', async () => {
    const warned: Error[] = [];
    const hear = (warning: Error) => warned.push(warning);
    process.on('warning', hear);
    try {
      const { signal } = new AbortController();
      const listen = code(
        ({ signal: own }) =>
          new Promise((resolve) => {
            own.addEventListener('abort', () => undefined);
            setTimeout(resolve, 1, 1);
          }),
      );
      const names = Array.from({ length: 20 }, (_agent, index) => `a${index}`);
      const limited = Object.fromEntries(names.map((name) => [name, listen]));
      const free = Object.fromEntries(
        names.map((name) => [`${name}-free`, { kind: 'code', run: listen.run }]),
      );
      const graph = prepare({ ensemble: 'test', agents: { ...limited, ...free }, output: { from: 'a0' } });
      const run = () => runEnsemble(graph, inputOf(''), { run: 'e_test', signal });
      await Promise.all(Array.from({ length: 20 }, run));
      await wait(1);
      expect(warned).toEqual([]);
    } finally {
      process.off('warning', hear);
    }
  });
});
