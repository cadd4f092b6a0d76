import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acyclicNodes } from '../../test/acyclic-nodes.ts';
import { OrreryError } from '../core/index.ts';
import { type AgentNode, type AgentResult, type GraphResult, planPhases, runGraph } from './index.ts';

const node = (name: string, ...dependsOn: string[]): AgentNode => ({ name, dependsOn });
const desk = planPhases([
  node('technical'),
  node('sentiment'),
  node('risk', 'technical', 'sentiment'),
  node('chief', 'technical', 'sentiment', 'risk'),
]);

const statuses = ({ agents }: GraphResult<unknown>) =>
  Object.fromEntries(agents.map(({ name, status }) => [name, status]));
const heard = (dependencies: readonly AgentResult<unknown>[]) =>
  dependencies.map(({ name, output, error }) => `${name}=${output ?? error?.code}`).join(',');
const failure = () => {
  throw new OrreryError('provider-failed', 'no answer');
};

function deferred() {
  let resolve: (value: string) => void = () => {};
  const promise = new Promise<string>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('agents that answer at once', () => {
  test('give a plain result, with what each one heard', () => {
    const result = runGraph(desk, (name, dependencies) => `${name}(${heard(dependencies)})`);
    expect(result).not.toBeInstanceOf(Promise);
    expect(result).toEqual({
      agents: [
        { name: 'technical', status: 'ok', output: 'technical()', error: null, latencyMs: 0 },
        { name: 'sentiment', status: 'ok', output: 'sentiment()', error: null, latencyMs: 0 },
        {
          name: 'risk',
          status: 'ok',
          output: 'risk(technical=technical(),sentiment=sentiment())',
          error: null,
          latencyMs: 0,
        },
        expect.objectContaining({ name: 'chief', status: 'ok' }),
      ],
    });
  });

  test('a plan of nobody is done at once', () => {
    expect(runGraph(planPhases([]), failure)).toEqual({ agents: [] });
  });

  test('a failure reaches those who listen as data', async () => {
    const result = await runGraph(desk, (name, dependencies) =>
      name === 'sentiment' ? failure() : heard(dependencies),
    );
    expect(statuses(result)).toEqual({ technical: 'ok', sentiment: 'failed', risk: 'ok', chief: 'ok' });
    expect(result.agents[2]?.output).toBe('technical=,sentiment=provider-failed');
  });

  test('a failure far away is told once, however long the way of those who need each other', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `a${index}`);
    const chain = names.map((name, index) =>
      index === 0 ? node(name) : { ...node(name, names[index - 1]!), required: [names[index - 1]!] },
    );
    const { agents } = await runGraph(planPhases(chain), failure);
    expect(agents[1]?.error?.message).toBe('`a1` needs `a0`, which failed: no answer');
    expect(agents[1999]?.error).toMatchObject({
      ...{ code: 'provider-failed', message: '`a1999` needs `a1998`, which was skipped: no answer' },
    });
  });

  test('whatever is thrown becomes an error with a code', async () => {
    const { agents } = await runGraph(planPhases([node('a')]), () => {
      throw 'a string';
    });
    expect(agents[0]?.error).toMatchObject({ code: 'internal', message: 'a string' });
  });
});

describe('agents that take their time', () => {
  test('start as soon as their own dependencies are done, not when a phase is', async () => {
    const plan = planPhases([node('slow'), node('fast'), node('after-fast', 'fast'), node('last', 'slow')]);
    const slow = deferred();
    const started: string[] = [];
    const result = runGraph(plan, (name) => {
      started.push(name);
      if (name === 'after-fast') slow.resolve('released by after-fast');
      return name === 'slow' ? slow.promise : Promise.resolve(name);
    });
    expect(result).toBeInstanceOf(Promise);
    expect((await result).agents.map(({ output }) => output)).toEqual([
      'released by after-fast',
      'fast',
      'after-fast',
      'last',
    ]);
    expect(started).toEqual(['slow', 'fast', 'after-fast', 'last']);
  });

  test('a required one that fails takes along those who need it, all the way', async () => {
    const plan = planPhases([
      node('reader'),
      { name: 'judge', dependsOn: ['reader'], required: ['reader'] },
      { name: 'polish', dependsOn: ['judge'], required: ['judge'] },
      node('log', 'judge'),
    ]);
    const result = await runGraph(plan, async (name, dependencies) =>
      name === 'reader' ? failure() : heard(dependencies),
    );
    expect(statuses(result)).toEqual({ reader: 'failed', judge: 'skipped', polish: 'skipped', log: 'ok' });
    expect(result.agents[1]?.error).toMatchObject({
      code: 'provider-failed',
      message: '`judge` needs `reader`, which failed: no answer',
      retryable: true,
    });
    expect(result.agents[2]?.output).toBeNull();
    expect(result.agents[3]?.output).toBe('judge=provider-failed');
  });
});

describe('a run that is cancelled', () => {
  const never = new Promise<string>(() => {});

  test('gives up what runs, skips what waits and keeps what is done', async () => {
    const controller = new AbortController();
    const result = runGraph(desk, (name) => (name === 'sentiment' ? never : name), {
      signal: controller.signal,
    });
    controller.abort();
    const { agents } = await result;
    expect(statuses({ agents })).toEqual({
      technical: 'ok',
      sentiment: 'failed',
      risk: 'skipped',
      chief: 'skipped',
    });
    expect(agents[3]?.error).toMatchObject({ code: 'interrupted' });
  });

  test('before it began runs nobody', async () => {
    const result = await runGraph(desk, failure, { signal: AbortSignal.abort() });
    expect(result.agents.every(({ status }) => status === 'skipped')).toBe(true);
  });

  test('by one of its agents ends all the same, each agent settled once', async () => {
    const controller = new AbortController();
    const plan = planPhases([node('a'), node('b', 'a'), node('c', 'b'), node('d')]);
    const result = await runGraph(
      plan,
      (name) => {
        if (name === 'd') return never;
        if (name === 'b') controller.abort();
        return name === 'a' ? Promise.resolve(name) : name;
      },
      { signal: controller.signal },
    );
    expect(statuses(result)).toEqual({ a: 'ok', b: 'failed', c: 'skipped', d: 'failed' });
  });
});

test('whatever the graph and the mix: each once, after its dependencies; a failure reaches exactly those who need it', async () => {
  const way = fc.constantFrom('now', 'soon', 'late', 'throws', 'rejects');
  const cases = acyclicNodes(200).chain((nodes) =>
    fc.tuple(fc.constant(nodes), fc.array(way, { minLength: nodes.length, maxLength: nodes.length })),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([nodes, ways]) => {
      const wayOf = new Map(nodes.map(({ name }, index) => [name, ways[index]!]));
      const dependenciesOf = new Map(nodes.map(({ name, dependsOn }) => [name, dependsOn]));
      const settled = new Set<string>();
      const runs: string[] = [];
      const plan = planPhases(nodes);
      const outcome = runGraph(plan, (name, dependencies) => {
        runs.push(name);
        expect(dependencies.map((dependency) => dependency.name)).toEqual(dependenciesOf.get(name));
        for (const dependency of dependencies) {
          expect(settled.has(dependency.name) || dependency.status === 'skipped').toBe(true);
        }
        return work(wayOf.get(name)!, () => settled.add(name));
      });
      const { agents } = await outcome;

      expect(agents.map(({ name }) => name)).toEqual(plan.phases.flat());
      const status = new Map(agents.map((agent) => [agent.name, agent.status]));
      for (const { name, required } of nodes) {
        const reached = required.some((dependency) => status.get(dependency) !== 'ok');
        const fails = wayOf.get(name) === 'throws' || wayOf.get(name) === 'rejects';
        expect(status.get(name)).toBe(reached ? 'skipped' : fails ? 'failed' : 'ok');
      }
      const ran = nodes.filter(({ name }) => status.get(name) !== 'skipped').map(({ name }) => name);
      expect([...runs].sort()).toEqual([...ran].sort());
      const atOnce = ran.every((name) => wayOf.get(name) === 'now' || wayOf.get(name) === 'throws');
      expect(outcome instanceof Promise).toBe(!atOnce);
    }),
    { numRuns: 60 },
  );
});

function work(way: string, done: () => void): string | Promise<string> {
  if (way === 'throws' || way === 'now') {
    done();
    return way === 'throws' ? failure() : way;
  }
  const later = way === 'late' ? new Promise((resolve) => setImmediate(resolve)) : Promise.resolve();
  return later.then(() => {
    done();
    return way === 'rejects' ? failure() : way;
  });
}
