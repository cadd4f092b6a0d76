import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acyclicNodes } from '../../test/acyclic-nodes.ts';
import { OrreryError } from '../core/index.ts';
import { findGraphProblem, planPhases } from './index.ts';

const node = (name: string, ...dependsOn: string[]) => ({ name, dependsOn });

describe('phases', () => {
  test('the desk of the documentation has four', () => {
    const plan = planPhases([
      node('execution', 'chief'),
      node('chief', 'technical', 'sentiment', 'risk'),
      node('risk', 'technical', 'sentiment'),
      node('technical'),
      node('sentiment'),
    ]);
    expect(plan.phases).toEqual([['technical', 'sentiment'], ['risk'], ['chief'], ['execution']]);
    expect(plan.agents.map(({ name }) => name)).toEqual(plan.phases.flat());
    expect(plan.agents[3]).toEqual({
      name: 'chief',
      dependencies: [0, 1, 2],
      required: [],
      dependants: [4],
    });
  });

  test('nobody is a plan too', () => {
    expect(planPhases([])).toEqual({ phases: [], agents: [] });
  });

  test('a dependency written twice counts once', () => {
    expect(planPhases([node('a'), node('b', 'a', 'a')]).agents[1]?.dependencies).toEqual([0]);
  });

  test('in any graph without a cycle every agent stands right behind the last of its dependencies', () => {
    fc.assert(
      fc.property(acyclicNodes(200), (nodes) => {
        const { phases } = planPhases(nodes);
        const phaseOf = new Map(phases.flatMap((phase, index) => phase.map((name) => [name, index])));
        expect(phaseOf.size).toBe(nodes.length);
        for (const { name, dependsOn } of nodes) {
          const behind = Math.max(-1, ...dependsOn.map((dependency) => phaseOf.get(dependency)!));
          expect(phaseOf.get(name)).toBe(behind + 1);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('what cannot run is refused', () => {
  test.each([
    ['a duplicate', [node('a'), node('b'), node('a')], 2, 'two agents are named `a`'],
    [
      'somebody who is not there',
      [node('reader'), node('judge', 'raeder')],
      1,
      'agent `judge` depends on `raeder`, which does not exist; did you mean `reader`?',
    ],
    [
      'a required one that is no dependency',
      [node('a'), { name: 'b', dependsOn: ['a'], required: ['c'] }],
      1,
      'agent `b` requires `c`, which is not among its depends_on; did you mean `a`?',
    ],
    ['itself', [node('a', 'a')], 0, 'agents wait for each other: a → a'],
    ['a cycle of two', [node('a', 'b'), node('b', 'a')], 0, 'agents wait for each other: a → b → a'],
    [
      'a cycle behind a tail, and agents behind it',
      [node('late', 'c'), node('b', 'free', 'c'), node('c', 'd'), node('d', 'b'), node('free')],
      1,
      'agents wait for each other: b → c → d → b',
    ],
  ])('%s', (_, nodes, agent, message) => {
    expect(findGraphProblem(nodes)).toMatchObject({ agent, message });
    expect(() => planPhases(nodes)).toThrow(expect.objectContaining({ code: 'agents-invalid', message }));
  });

  test('one arrow back makes a cycle, and the cycle is named arrow by arrow', () => {
    const chained = fc.integer({ min: 1, max: 50 }).chain((length) =>
      fc.record({
        length: fc.constant(length),
        from: fc.nat(length - 1),
        to: fc.nat(length - 1),
      }),
    );
    fc.assert(
      fc.property(chained, ({ length, from, to }) => {
        const [first, last] = [Math.min(from, to), Math.max(from, to)];
        const nodes = Array.from({ length }, (_, index) => ({
          name: `n${index}`,
          dependsOn: [...(index > 0 ? [`n${index - 1}`] : []), ...(index === first ? [`n${last}`] : [])],
        }));
        const problem = findGraphProblem(nodes);
        expect(problem).toMatchObject({ kind: 'cycle', agent: first });
        const named = problem?.message.split(': ')[1]?.split(' → ') ?? [];
        expect(named.length).toBe(last - first + 2);
        expect(named[0]).toBe(named.at(-1));
        for (const [index, name] of named.slice(0, -1).entries()) {
          expect(nodes.find((candidate) => candidate.name === name)?.dependsOn).toContain(named[index + 1]);
        }
      }),
    );
  });

  test('10,000 agents in a row overflow nothing', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => node(`n${index}`, `n${(index + 1) % 10_000}`));
    expect(() => planPhases(nodes)).toThrow(OrreryError);
  });
});
