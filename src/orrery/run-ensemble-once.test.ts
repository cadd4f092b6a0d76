import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { JsonValue } from '../core/index.ts';
import {
  type AgentOutcome,
  defineEnsemble,
  type EnsembleDocument,
  type EnsembleEvent,
} from '../ensemble/index.ts';
import { createOrrery } from './create-orrery.ts';
import { type EnsembleCallOptions, runEnsembleOnce } from './run-ensemble-once.ts';

let cwd = '';
let place: Pick<EnsembleCallOptions, 'cwd' | 'environment'>;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'orrery-run-ensemble-'));
  place = { cwd, environment: { ...process.env, HOME: cwd, ORRERY_HOME: join(cwd, 'home') } };
});
afterEach(() => rmSync(cwd, { recursive: true }));

const counting = defineEnsemble({
  ensemble: 'counting',
  agents: {
    words: { kind: 'code', run: ({ input }) => input.text.split(' ').length },
    said: {
      kind: 'code',
      depends_on: ['words'],
      run: async ({ agents }) => ({ of: agents['words']!.output }),
    },
  },
  output: { from: 'said' },
});

describe('an answer that is given', () => {
  test('to nobody’s question is refused', async () => {
    const gated = defineEnsemble({
      ensemble: 'gated',
      agents: { gate: { kind: 'human', question: 'Go on?' } },
      output: { from: 'gate' },
    });
    const answered = (name: string) =>
      runEnsembleOnce(gated, '', { ...place, given: new Map([[name, 'yes']]) });
    expect((await answered('gate')).output).toBe('yes');
    await expect(answered('gat')).rejects.toMatchObject({
      ...{ code: 'usage-invalid', message: 'no human agent "gat"; did you mean "gate"?' },
      hint: 'It asks gate.',
    });
    await expect(
      runEnsembleOnce(counting, '', { ...place, given: new Map([['gate', '']]) }),
    ).rejects.toMatchObject({ code: 'usage-invalid', hint: 'counting asks nobody.' });
  });
});

describe('the compiler knows', () => {
  test('the agents and the output of one in code', async () => {
    const document = await runEnsembleOnce(counting, 'one two', place);
    expectTypeOf(document.agents).toEqualTypeOf<{
      readonly words: AgentOutcome;
      readonly said: AgentOutcome;
    }>();
    expectTypeOf(document.output).toEqualTypeOf<{ of: JsonValue } | null>();
    expect(document).toMatchObject({
      status: 'completed',
      output: { of: 2 },
      agents: { words: { output: 2 } },
    });
    // @ts-expect-error nobody is called wrods
    expect(document.agents.wrods).toBeUndefined();
  });

  test('nothing of one by its name, or whose output is a template', () => {
    const named = () => runEnsembleOnce('code-review', '');
    expectTypeOf(named).returns.resolves.toEqualTypeOf<EnsembleDocument>();
    const { agents } = counting;
    const template = defineEnsemble({ ensemble: 'told', agents, output: { template: '{{agents.said}}' } });
    const told = () => runEnsembleOnce(template, '');
    expectTypeOf(told).returns.resolves.toEqualTypeOf<EnsembleDocument<JsonValue, 'words' | 'said'>>();
  });
});

test('the same graph from code and from a file comes to the same document', async () => {
  const code = defineEnsemble({
    ensemble: 'twice',
    description: 'The same, said twice',
    agents: {
      title: { kind: 'template', template: '{{input.title}}' },
      each: { kind: 'template', fanOut: 'input.items', template: '{{item}}!' },
      broken: { kind: 'script', command: ['node', '-e', 'process.exit(3)'] },
      all: { kind: 'merge', depends_on: ['title', 'each', 'broken'], required: ['each'] },
      never: { kind: 'template', template: 'no', depends_on: ['title'], when: 'title.output == "no"' },
    },
    output: { from: 'all' },
    concurrency: 2,
  });
  const yaml = `
ensemble: twice
description: The same, said twice
agents:
  - { name: title, kind: template, template: "{{input.title}}" }
  - { name: each, kind: template, fanOut: input.items, template: "{{item}}!" }
  - { name: broken, kind: script, command: [node, -e, process.exit(3)] }
  - { name: all, kind: merge, depends_on: [title, each, broken], required: [each] }
  - { name: never, kind: template, template: "no", depends_on: [title], when: title.output == "no" }
output: { from: all }
concurrency: 2
`;
  mkdirSync(join(cwd, 'ensembles'));
  writeFileSync(join(cwd, 'ensembles/twice.yaml'), yaml);
  const input = { title: 'numbers', items: [1, 2, 3] };
  const [one, other] = [
    await runEnsembleOnce(code, input, place),
    await runEnsembleOnce('twice', input, place),
  ];
  expect(one.status).toBe('partial');
  expect(untimed(one)).toEqual(untimed(other));
  const byPath = await runEnsembleOnce('ensembles/twice.yaml', JSON.stringify(input), place);
  expect(untimed(byPath)).toEqual(untimed(other));
});

/** A document without what differs from run to run. */
function untimed(document: EnsembleDocument): unknown {
  const times = ['run', 'latencyMs', 'timings'];
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) => (times.includes(key) ? undefined : value)),
  );
}

test('an Orrery that is there is used, and who watches is told', async () => {
  const orrery = createOrrery(place);
  const events: EnsembleEvent['kind'][] = [];
  await runEnsembleOnce(counting, 'one', { orrery, watch: ({ kind }) => void events.push(kind) });
  expect(events).toEqual(['agent-started', 'agent-ended', 'agent-started', 'agent-ended']);
});

test('people are asked, or have answered', async () => {
  const asking = {
    ensemble: 'asking',
    agents: { boss: { kind: 'human', question: 'Yes?', choices: ['yes', 'no'] } },
  };
  const given = new Map([['boss', 'yes']]);
  expect((await runEnsembleOnce(asking, '', { ...place, given })).output).toBe('yes');
  expect((await runEnsembleOnce(asking, '', { ...place, ask: async () => 'no' })).output).toBe('no');
  await expect(runEnsembleOnce(asking, '', place)).rejects.toMatchObject({ code: 'agent-failed' });
});

test('a signal stops it', async () => {
  const controller = new AbortController();
  const waiting = defineEnsemble({
    ensemble: 'waiting',
    agents: {
      sleeper: {
        kind: 'code',
        run: ({ signal }) =>
          new Promise<string>((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
            controller.abort();
          }),
      },
    },
  });
  const document = await runEnsembleOnce(waiting, '', { ...place, signal: controller.signal });
  expect(document).toMatchObject({
    status: 'failed',
    agents: { sleeper: { error: { code: 'interrupted' } } },
  });
});

describe('what makes no sense is refused in words', () => {
  test.each<[string, object, string]>([
    ['an unknown option', { wacth: () => {} }, 'did you mean `watch`'],
    ['a signal that is none', { signal: 5 }, 'an AbortSignal'],
    ['answers that are no Map', { given: { boss: 'yes' } }, 'a Map'],
    ['an Orrery that is none', { orrery: {} }, 'what createOrrery made'],
  ])('%s', async (_what, options, words) => {
    const call = runEnsembleOnce(counting, '', options as EnsembleCallOptions);
    await expect(call).rejects.toMatchObject({
      code: 'usage-invalid',
      message: expect.stringContaining(words),
    });
  });

  test('an Orrery beside what one is made of', async () => {
    const call = runEnsembleOnce(counting, '', { orrery: createOrrery(place), cwd });
    await expect(call).rejects.toMatchObject({
      code: 'usage-invalid',
      message: expect.stringContaining('`cwd`'),
    });
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  test.each([undefined, Number.NaN, () => 1, { at: undefined }, 5n, circle])(
    'the input %s',
    async (input) => {
      const call = runEnsembleOnce(counting, input as JsonValue, place);
      await expect(call).rejects.toMatchObject({ code: 'usage-invalid' });
    },
  );

  test('an ensemble that is not there', async () => {
    await expect(runEnsembleOnce('nowhere', '', place)).rejects.toMatchObject({ code: 'ensemble-not-found' });
  });
});
