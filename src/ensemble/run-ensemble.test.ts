import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { acyclicNodes } from '../../test/acyclic-nodes.ts';
import { play, prepare } from '../../test/ensemble-place.ts';
import { type JsonValue, OrreryError } from '../core/index.ts';
import {
  type AgentDefinitions,
  type Answer,
  type CodeWork,
  type EnsembleEvent,
  inputOf,
  type KeptAnswers,
  type Runner,
  runEnsemble,
} from './index.ts';

const say = (output: JsonValue) => ({ kind: 'say', say: output });
const code = (run: (turn: never) => unknown, more: object = {}) =>
  ({ kind: 'code', run: run as CodeWork, ...more }) as const;
const fail = (retryable = false) =>
  code(() => {
    throw new OrreryError('agent-failed', 'it broke', { retryable });
  });
const statusesOf = ({ agents }: Awaited<ReturnType<typeof play>>) =>
  Object.fromEntries(Object.entries(agents).map(([name, { status }]) => [name, status]));
const ensemble = (agents: AgentDefinitions, more: object = {}) => ({ ensemble: 'test', agents, ...more });

describe('a document', () => {
  test('says what everybody said, in phases, and what it took', async () => {
    const document = await play(
      ensemble({
        reader: code(({ input }: { input: { text: string } }) => ({ words: input.text.split(' ').length })),
        lint: say(['unused x']),
        judge: code(
          ({ agents }: { agents: { reader: { output: { words: number } } } }) => agents.reader.output.words,
          {
            depends_on: ['reader', 'lint'],
          },
        ),
      }),
      'one two three',
    );
    expect(document).toMatchObject({
      ...{ ensemble: 'test', run: 'e_test', status: 'completed', output: 3, error: null },
      phases: [['reader', 'lint'], ['judge']],
      usage: { calls: 0, cacheHits: 0, promptTokens: 0, responseTokens: 0, costUsd: 0 },
    });
    expect(document.agents['lint']).toEqual({
      ...{ kind: 'say', status: 'ok', output: ['unused x'], error: null, latencyMs: 0, source: 'say' },
      ...{ provider: null, model: null, promptTokens: 0, responseTokens: 0, costUsd: 0 },
    });
  });

  test('a failure is data for those who can do without, and ends those who cannot', async () => {
    const document = await play(
      ensemble(
        {
          reader: fail(),
          needy: { ...say('read'), depends_on: ['reader'], required: ['reader'] },
          easy: code(
            ({ agents }: { agents: { reader: { status: string; error: { message: string } } } }) =>
              [agents.reader.status, agents.reader.error.message].join(': '),
            { depends_on: ['reader'] },
          ),
        },
        { output: { from: 'easy' } },
      ),
    );
    expect(statusesOf(document)).toEqual({ reader: 'failed', needy: 'skipped', easy: 'ok' });
    expect(document).toMatchObject({ status: 'partial', output: 'failed: it broke' });
    expect(document.agents['needy']?.error?.message).toContain(
      '`needy` needs `reader`, which failed: it broke',
    );
  });

  test('whose output failed has none, and says why', async () => {
    const document = await play(ensemble({ only: fail() }));
    expect(document).toMatchObject({
      ...{ status: 'failed', output: null },
      error: { code: 'agent-failed', message: 'it broke', retryable: false },
    });
  });

  test('may be a text around what agents said', async () => {
    const agents = { a: say('A'), b: say({ n: 1 }), c: fail() };
    const template = '{{input}}: {{agents.a}} {{agents.b.n}} {{agents.c}}';
    expect(await play(ensemble(agents, { output: { template } }), 'in')).toMatchObject({
      ...{ status: 'partial', output: 'in: A 1 [c failed: it broke]' },
    });
    const nobody = ensemble({ c: fail() }, { output: { template: '{{agents.c}}' } });
    expect(await play(nobody)).toMatchObject({ status: 'failed', output: null });
  });
});

test.each([
  ['{{agents.reader.output}}', 'there is no `output`', '`{{agents.reader}}` is the output already'],
  ['{{agents.reader.output.score}}', 'there is no `output`', '`{{agents.reader}}` is the output already'],
  ['{{agents.reader.status}}', 'there is no `status`', 'In an expression write `reader.status`'],
  ['{{agents.reader.skore}}', 'there is no `skore`; did you mean `score`?', 'It has score, tags.'],
  ['{{agents.reader.tags.0.name}}', 'there is no `name`', 'It is a text'],
  ['{{input.title}}', 'there is no `title`', 'It is a text'],
])('the place %s that leads into nothing says what there is', async (template, message, hint) => {
  const document = await play(
    ensemble({ reader: say({ score: 2, tags: ['x'] }) }, { output: { template } }),
    'in',
  );
  expect(document.error).toMatchObject({
    ...{ code: 'agent-failed', message: expect.stringContaining(message) },
    hint: expect.stringContaining(hint),
  });
});

describe('an agent', () => {
  test('works when its condition is true, and is skipped otherwise, which is no failure', async () => {
    const document = await play(
      ensemble(
        {
          reader: say({ score: 3 }),
          high: { ...say('high'), depends_on: ['reader'], when: 'reader.output.score > 5' },
          low: { ...say('low'), depends_on: ['reader'], when: 'reader.output.score + 1 < 5' },
        },
        { output: { from: 'low' } },
      ),
    );
    expect(statusesOf(document)).toEqual({ reader: 'ok', high: 'skipped', low: 'ok' });
    expect(document.status).toBe('completed');
    expect(document.agents['high']?.error?.message).toBe('not now: `reader.output.score > 5` is not true');
  });

  test('a condition without a value fails the agent instead of passing for false', async () => {
    const agents = {
      reader: say({}),
      judge: { ...say(1), depends_on: ['reader'], when: 'reader.output.score > 5' },
    };
    const document = await play(ensemble(agents));
    expect(document.agents['judge']).toMatchObject({ status: 'failed', error: { code: 'agent-failed' } });
  });

  test('is tried again after what may pass, and not after what will not', async () => {
    let tries = 0;
    const flaky = code(
      () => {
        if (++tries < 3) throw new OrreryError('agent-failed', 'busy', { retryable: true });
        return tries;
      },
      { retries: 2 },
    );
    expect((await play(ensemble({ flaky }))).output).toBe(3);
    let once = 0;
    const broken = code(
      () => {
        once++;
        throw new OrreryError('agent-failed', 'no', { retryable: false });
      },
      { retries: 5 },
    );
    expect((await play(ensemble({ broken }))).status).toBe('failed');
    expect(once).toBe(1);
  });

  test('that is a function fails by what it throws, and by giving nothing', async () => {
    const messageOf = async (run: () => unknown) =>
      (await play(ensemble({ own: code(run) }))).agents['own']?.error;
    const broken = { code: 'agent-failed', message: '`own` failed: it broke', retryable: false };
    const wrong = () => {
      throw new TypeError('it broke\n  at line 1');
    };
    expect(await messageOf(wrong)).toMatchObject(broken);
    expect(await messageOf(async () => wrong())).toMatchObject(broken);
    for (const nothing of [() => undefined, async () => undefined]) {
      const message = '`own` failed: it gave what is no JSON: undefined';
      expect(await messageOf(nothing)).toMatchObject({ code: 'agent-failed', message });
    }
  });

  test.each([
    ['NaN', () => Number.NaN, 'NaN'],
    ['Infinity inside', () => ({ scores: [1, Infinity] }), 'Infinity at scores[1]'],
    ['a date', () => ({ at: new Date(0) }), 'a Date at at'],
    ['a map', async () => new Map(), 'a Map'],
    ['a function', () => ({ a: { b: () => 1 } }), 'a function at a.b'],
    ['a big number', () => ({ n: 1n }), 'a bigint at n'],
  ])('that is a function may not give %s', async (_what, run, fault) => {
    const { agents } = await play(ensemble({ own: code(run) }));
    expect(agents['own']).toMatchObject({
      ...{ status: 'failed', output: null },
      error: { code: 'agent-failed', message: `\`own\` failed: it gave what is no JSON: ${fault}` },
    });
  });

  test('whose time is up is told to stop, and heard no more', async () => {
    let stopped = false;
    const slow = code(
      ({ signal }: { signal: AbortSignal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            stopped = true;
            resolve('too late');
          }),
        ),
      { timeoutMs: 5 },
    );
    const document = await play(ensemble({ slow }));
    expect(stopped).toBe(true);
    expect(document.agents['slow']).toMatchObject({
      status: 'timeout',
      output: null,
      error: { code: 'agent-timeout', message: '`slow` gave no answer within 5 ms' },
    });
  });

  test('that is late by the clock has run out of time, though the process was too busy to hear its timer', async () => {
    const busy = code(
      () => {
        const end = performance.now() + 5;
        while (performance.now() < end);
        return 'late';
      },
      { timeoutMs: 1 },
    );
    expect((await play(ensemble({ busy }))).agents['busy']).toMatchObject({
      status: 'timeout',
      output: null,
    });
  });

  test('whose words were read is not tried again, and says nothing after its time', async () => {
    let tries = 0;
    const speaker: Runner = {
      kind: 'speaker',
      settings: z.strictObject({}),
      prepare: () => ({
        answer: async ({ onText }) => {
          tries++;
          onText?.('half ');
          await new Promise((resolve) => setTimeout(resolve, 30));
          onText?.('too late');
          return { output: 'half too late' };
        },
      }),
    };
    const heard: string[] = [];
    const watch = (event: EnsembleEvent) => {
      if (event.kind === 'text') heard.push(event.piece);
    };
    const definition = ensemble({ a: { kind: 'speaker', timeoutMs: 5, retries: 3 } });
    const document = await play(definition, '', { runners: [speaker] }, { watch, streamed: true });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(document.agents['a']?.status).toBe('timeout');
    expect({ tries, heard }).toEqual({ tries: 1, heard: ['half '] });
  });

  test('is billed for what it was told before its time was up', async () => {
    const cost = {
      provider: 'p',
      model: 'm',
      calls: 1,
      cacheHits: 0,
      promptTokens: 10,
      responseTokens: 2,
      costUsd: 1,
    };
    const payer: Runner = {
      kind: 'payer',
      settings: z.strictObject({}),
      prepare: () => ({
        answer: ({ spend }) => {
          spend(cost);
          return new Promise(() => undefined);
        },
      }),
    };
    const definition = ensemble({ a: { kind: 'payer', timeoutMs: 5 } });
    const document = await play(definition, '', { runners: [payer] });
    expect(document).toMatchObject({
      usage: { calls: 1, costUsd: 1 },
      agents: { a: { costUsd: 1, model: 'm' } },
    });
  });

  test('works once for each item, with some at a time, and goes on without those that fail', async () => {
    let [working, most] = [0, 0];
    const each = code(
      async ({
        item,
        input,
      }: {
        item: { value: string; index: number };
        input: { value: { by: string } };
      }) => {
        most = Math.max(most, ++working);
        await new Promise((resolve) => setTimeout(resolve, 1));
        working--;
        if (item.value === 'bad') throw new OrreryError('agent-failed', `not ${item.value}`);
        return `${item.index} ${item.value} ${input.value.by}`;
      },
      { fanOut: 'input.files', concurrency: 2 },
    );
    const document = await play(ensemble({ each }), '{"files": ["a", "bad", "c", "d"], "by": "me"}');
    expect(document).toMatchObject({ status: 'partial', output: ['0 a me', null, '2 c me', '3 d me'] });
    expect(document.agents['each']?.details).toEqual({
      items: 4,
      failed: [{ index: 1, status: 'failed', code: 'agent-failed', message: 'not bad' }],
      lacking: [],
    });
    expect(most).toBe(2);
    expect(await play(ensemble({ each }), '{"files": [], "by": "me"}')).toMatchObject({
      ...{ status: 'completed', output: [] },
    });
    expect(await play(ensemble({ each }), '{"files": ["bad", "bad"]}')).toMatchObject({
      error: { message: 'all 2 items of `each` failed; the first: not bad' },
    });
    expect(await play(ensemble({ each }), '{"files": "a"}')).toMatchObject({
      error: { message: '`input.files` is no list, so `each` has nothing to fan out over' },
    });
  });

  test('works in rounds until it is done, or as often as it may', async () => {
    const double = code(({ round }: { round: { previous: number | null } }) => (round.previous ?? 1) * 2, {
      loop: { until: 'output > 10', max: 10 },
    });
    const document = await play(ensemble({ double }));
    expect(document.output).toBe(16);
    expect(document.agents['double']?.details).toEqual({ rounds: 4, done: true });
    const endless = { ...say(1), loop: { until: 'output > 10', max: 3 } };
    expect((await play(ensemble({ endless }))).agents['endless']?.details).toEqual({
      rounds: 3,
      done: false,
    });
  });

  test('that is pure answers what it was asked before from what was kept, but never keeps a failure', async () => {
    const kept = new Map<string, Answer>();
    const answers: KeptAnswers = {
      get: async (key) => kept.get(key) ?? null,
      put: async (key, answer) => void kept.set(key, answer),
    };
    const pure = ensemble({ a: { ...say('A'), pure: true } });
    expect((await play(pure, 'x', { answers })).agents['a']?.source).toBe('say');
    expect((await play(pure, 'x', { answers })).agents['a']).toMatchObject({ source: 'cache', output: 'A' });
    expect((await play(pure, 'y', { answers })).agents['a']?.source).toBe('say');
    expect((await play(ensemble({ a: { ...say('B'), pure: true } }), 'x', { answers })).output).toBe('B');
    expect((await play(ensemble({ a: say('A') }), 'x', { answers })).agents['a']?.source).toBe('say');
    expect(kept.size).toBe(3);
  });
});

describe('whatever the graph', () => {
  test('each agent works once, after those it depends on; a failure reaches exactly those who need it', async () => {
    const graphs = acyclicNodes(200).chain((nodes) =>
      fc.record({
        nodes: fc.constant(nodes),
        broken: fc.subarray(
          nodes.map(({ name }) => name),
          { maxLength: Math.min(5, nodes.length) },
        ),
        concurrency: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(graphs, async ({ nodes, broken, concurrency }) => {
        const order: string[] = [];
        const agents = Object.fromEntries(
          nodes.map(({ name, dependsOn, required }, index) => [
            name,
            code(
              () => {
                order.push(name);
                if (broken.includes(name)) throw new OrreryError('agent-failed', name);
                return index % 2 === 0 ? name : Promise.resolve(name);
              },
              { depends_on: dependsOn, required },
            ),
          ]),
        );
        const document = await play(ensemble(agents, { output: { template: 'all' }, concurrency }));
        const lost = new Set(broken);
        for (const name of document.phases.flat()) {
          const { required } = nodes.find((node) => node.name === name)!;
          if (required.some((needed) => lost.has(needed))) lost.add(name);
        }
        expect(statusesOf(document)).toEqual(
          Object.fromEntries(
            nodes.map(({ name }) => [
              name,
              lost.has(name) ? (broken.includes(name) && order.includes(name) ? 'failed' : 'skipped') : 'ok',
            ]),
          ),
        );
        expect(new Set(order).size).toBe(order.length);
        for (const { name, dependsOn } of nodes) {
          if (!order.includes(name)) continue;
          for (const earlier of dependsOn.filter((one) => order.includes(one))) {
            expect(order.indexOf(earlier)).toBeLessThan(order.indexOf(name));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a cancelled run is over at once, whoever is at work, and tells them', async () => {
    const controller = new AbortController();
    let told = 0;
    const hang = (depends_on: string[] = []) =>
      code(
        ({ signal }: { signal: AbortSignal }) =>
          new Promise(() => {
            signal.addEventListener('abort', () => told++);
          }),
        { depends_on, timeoutMs: 60_000 },
      );
    const agents = { a: hang(), b: hang(), c: hang(['a']), each: { ...hang(), fanOut: '[1, 2, 3]' } };
    const running = play(ensemble(agents, { output: { from: 'c' } }), '', {}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    const document = await running;
    expect(statusesOf(document)).toEqual({ a: 'failed', b: 'failed', c: 'skipped', each: 'failed' });
    expect(document.agents['a']?.error?.code).toBe('interrupted');
    expect(document.agents['a']?.latencyMs).toBeGreaterThan(0);
    expect(document.agents['c']?.latencyMs).toBe(0);
    expect(told).toBe(5);
  });

  test('the whole may be given so much time', async () => {
    const slow = code(() => new Promise(() => undefined));
    expect(await play(ensemble({ slow }, { timeoutMs: 5 }))).toMatchObject({
      ...{ status: 'failed', error: { code: 'agent-timeout', message: 'test came to no end within 5 ms' } },
    });
    const waiting = { ...say(1), depends_on: ['slow'] };
    const { agents } = await play(ensemble({ slow, waiting }, { timeoutMs: 5, output: { from: 'waiting' } }));
    expect(agents).toMatchObject({
      slow: {
        status: 'timeout',
        error: { code: 'agent-timeout', message: '`slow` was given up when the time of the whole was up' },
      },
      waiting: {
        status: 'skipped',
        error: { message: '`waiting` had not begun when the time of the whole was up' },
      },
    });
  });

  test('10,000 runs leave nothing behind on the signal that could end them', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--;
      remove(...given);
    };
    const prepared = prepare(
      ensemble({ a: code(async () => 1, { timeoutMs: 1_000 }), b: { ...say(2), depends_on: ['a'] } }),
    );
    for (let run = 0; run < 10_000; run++) await runEnsemble(prepared, inputOf(''), { run: 'e', signal });
    expect(listeners).toBe(0);
  });
});

test('who watches hears of each agent once, and cannot break the run', async () => {
  const events: EnsembleEvent[] = [];
  const agents = {
    a: say(1),
    b: { ...fail(), depends_on: ['a'] },
    c: { ...say(3), depends_on: ['b'], required: ['b'] },
  };
  const watch = (event: EnsembleEvent) => {
    events.push(event);
    throw new Error('a listener that breaks');
  };
  const document = await play(ensemble(agents), '', {}, { watch });
  const told = events.map((event) => `${event.kind} ${event.agent}`);
  expect(told).toEqual([
    'agent-started a',
    'agent-ended a',
    'agent-started b',
    'agent-ended b',
    'agent-ended c',
  ]);
  const ended = events.find((event) => event.kind === 'agent-ended' && event.agent === 'c');
  expect(ended).toEqual({ kind: 'agent-ended', agent: 'c', outcome: document.agents['c'] });
});
