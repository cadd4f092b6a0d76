import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sayRunner } from '../../test/ensemble-place.ts';
import { OrreryError } from '../core/index.ts';
import { codeRunner } from './code-runner.ts';
import {
  createEnsembleFiles,
  createNestedRunner,
  createReducerRunners,
  createRunners,
  openEnsemble,
  prepareEnsemble,
  type Runner,
  type Runners,
  readEnsemble,
  readInput,
  routeRunner,
  runEnsemble,
} from './index.ts';

const runners: Runners = createRunners([
  sayRunner as Runner,
  codeRunner as Runner,
  createNestedRunner(() => ({ runners, answers: null })) as Runner,
  ...createReducerRunners(),
  routeRunner as Runner,
]);

function problemOf(work: () => unknown): OrreryError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof OrreryError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('the text of an ensemble', () => {
  test('becomes a spec, whose output is the one agent nobody waits for', () => {
    const text = `
ensemble: review
description: Two who read and one who judges
concurrency: 2
agents:
  - { name: reader, kind: say, say: [1, 2], timeoutMs: 2000, retries: 1, pure: true }
  - { name: judge, kind: template, template: "{{agents.reader}}", depends_on: [reader], required: [reader], when: 'reader.status == "ok"' }
`;
    const { agents, ...spec } = readEnsemble(text, 'review.yaml', runners);
    expect(spec).toEqual({
      ...{ name: 'review', description: 'Two who read and one who judges' },
      ...{ concurrency: 2, timeoutMs: null, output: { kind: 'agent', from: 'judge' } },
    });
    expect(agents).toMatchObject([
      {
        ...{
          name: 'reader',
          kind: 'say',
          settings: { say: [1, 2] },
          dependsOn: [],
          required: [],
          when: null,
        },
        ...{ timeoutMs: 2000, retries: 1, pure: true, place: 'review.yaml:6:5', loop: null, rules: null },
      },
      { name: 'judge', dependsOn: ['reader'], required: ['reader'], place: 'review.yaml:7:5' },
    ]);
  });

  const two = (second: string) =>
    `ensemble: x\nagents:\n  - { name: a, kind: say, say: 1 }\n  - { name: b, kind: say, say: 1, ${second} }\noutput: { from: b }`;
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b]',
    'd: &d [*c,*c,*c,*c,*c]',
    'ensemble: *d',
  ].join('\n');
  test.each([
    ['a cycle', two('depends_on: [b]'), 'x.yaml:4:47: agents wait for each other: b → b'],
    ['nobody', two('depends_on: [c]'), 'x.yaml:4:47: agent `b` depends on `c`, which does not exist'],
    [
      'not heard',
      two('required: [a]'),
      'x.yaml:4:45: agent `b` requires `a`, which is not among its depends_on',
    ],
    [
      'a doubled name',
      'ensemble: x\nagents:\n  - { name: a, kind: say, say: 1 }\n  - { name: a, kind: say, say: 2 }',
      'x.yaml:4:13: two agents are named `a`',
    ],
    [
      'an unknown key',
      two('depend_on: [a]'),
      'x.yaml:4:35: unknown key `depend_on` in `agents[1]`; did you mean `depends_on`?',
    ],
    [
      'no such kind',
      'ensemble: x\nagents:\n  - { name: a, kind: sai }',
      'x.yaml:3:22: `agents[0].kind`: expected one of say, code, ensemble, ',
    ],
    [
      'no kind',
      'ensemble: x\nagents:\n  - { name: a }',
      'x.yaml:3:5: `agents[0].kind` is missing; expected one of say,',
    ],
    [
      'a wrong type',
      two('timeoutMs: soon'),
      'x.yaml:4:46: `agents[1].timeoutMs`: expected whole milliseconds from 1 to 86400000, got "soon"',
    ],
    [
      'a taken name',
      'ensemble: x\nagents:\n  - { name: input, kind: say, say: 1 }',
      'x.yaml:3:13: `agents[0].name`: expected a name',
    ],
    ['a bad expression', two('when: "a.status =="'), 'x.yaml:4:41: `a.status ==` is no expression: '],
    [
      'an expression about a stranger',
      two('when: a.status == "ok"'),
      'x.yaml:4:41: `a.status == "ok"` is no expression: Unknown variable: a',
    ],
    [
      'a condition of a loop',
      two('loop: { until: output.x ==, max: 3 }'),
      'x.yaml:4:50: `output.x ==` is no expression',
    ],
    [
      'no such output',
      'ensemble: x\nagents:\n  - { name: a, kind: say, say: 1 }\noutput: { from: b }',
      'x.yaml:4:17: there is no agent `b`',
    ],
    [
      'two outputs',
      'ensemble: x\nagents:\n  - { name: a, kind: say, say: 1 }\n  - { name: b, kind: say, say: 1 }',
      'x.yaml:1:1: `output` is missing, and 2 agents could be it: a, b',
    ],
    [
      'a place that leads nowhere',
      'ensemble: x\nagents:\n  - { name: a, kind: say, say: 1 }\noutput: { template: "{{agents.b}}" }',
      'x.yaml:4:21: `{{agents.b}}` speaks of `b`',
    ],
    [
      'an output that is nearly somebody',
      'ensemble: x\nagents:\n  - { name: reader, kind: say, say: 1 }\noutput: { from: reder }',
      'x.yaml:4:17: there is no agent `reder`; did you mean `reader`?',
    ],
    [
      'an output that writes of nobody',
      'ensemble: x\nagents:\n  - { name: reader, kind: say, say: 1 }\noutput: { template: "{{agents.reder}}" }',
      'x.yaml:4:21: `{{agents.reder}}` speaks of `reder`, and there is no such agent; did you mean `reader`?',
    ],
    [
      'a place that is an agent without `agents`',
      'ensemble: x\nagents:\n  - { name: reader, kind: say, say: 1 }\noutput: { template: "{{reader.score}}" }',
      'x.yaml:4:21: there is no place `{{reader.score}}`; did you mean `{{agents.reader.score}}`?',
    ],
    [
      'a place of nobody',
      'ensemble: x\nagents:\n  - { name: reader, kind: say, say: 1 }\noutput: { template: "{{agents}}" }',
      'x.yaml:4:21: `{{agents}}` names nobody',
    ],
    [
      'an expression about somebody it does not hear',
      'ensemble: x\nagents:\n  - { name: a, kind: say, say: 1 }\n  - { name: b, kind: say, say: 1, when: "a.output == 1" }\noutput: { from: b }',
      'x.yaml:4:41: `a.output == 1` is no expression: Unknown variable: a; `a` is an agent, and not among its depends_on',
    ],
    ['no agents', 'ensemble: x\nagents: []', 'x.yaml:2:9: `agents`: expected a list of 1 to 2000 agents'],
    [
      'a route for each item',
      'ensemble: x\nagents:\n  - { name: a, kind: say, say: 1 }\n  - { name: r, kind: route, branches: { one: [a] }, fanOut: input }\noutput: { from: a }',
      'x.yaml:3:3: `r` routes, so it cannot have fanOut',
    ],
    ['a bomb of aliases', bomb, /^x\.yaml:\d+:\d+: /],
    ['ten megabytes', `ensemble: x\n# ${'x'.repeat(10_000_000)}`, 'x.yaml:1:1: larger than 1 MB'],
    ['nesting without end', `ensemble: x\nagents: ${'['.repeat(100_000)}`, /^x\.yaml:\d+:\d+: /],
  ])('with %s is one line with its place', (_what, text, said) => {
    const error = problemOf(() => readEnsemble(text, 'x.yaml', runners));
    expect(['ensemble-invalid', 'agents-invalid']).toContain(error.code);
    if (typeof said === 'string') expect(error.message.slice(0, said.length)).toBe(said);
    else expect(error.message).toMatch(said);
    expect(error.message).not.toContain('\n');
    expect(error.hint).not.toBeNull();
  });

  test('a function belongs into a program', () => {
    const written = createRunners([...runners.values()].filter(({ kind }) => kind !== 'code'));
    const text = 'ensemble: x\nagents:\n  - { name: a, kind: code, run: x }';
    expect(problemOf(() => readEnsemble(text, 'x.yaml', written))).toMatchObject({
      ...{
        code: 'ensemble-invalid',
        message: 'x.yaml:3:22: agents of kind `code` are functions, which only a program can give',
      },
      hint: expect.stringContaining('defineEnsemble'),
    });
  });

  test('what an agent itself refuses has its place too', () => {
    const text = 'ensemble: x\nagents:\n  - { name: a, kind: template, template: "{{agents.b}}" }';
    const spec = readEnsemble(text, 'x.yaml', runners);
    const ports = { runners, answers: null, files: null as never };
    expect(problemOf(() => prepareEnsemble(spec, ports)).message).toContain(
      'x.yaml:3:5: agent `a`: `{{agents.b}}` speaks of `b`',
    );
  });
});

describe('files of ensembles', () => {
  let cwd: string;
  let folders: readonly string[];
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  const saying = (name: string, words: string) =>
    `ensemble: ${name}\nagents:\n  - { name: a, kind: say, say: ${words} }\n`;
  const play = async (nameOrPath: string, input = '') => {
    const { file, files, spec } = openEnsemble(nameOrPath, { cwd, folders, runners });
    const prepared = prepareEnsemble(spec, { runners, files, answers: null }, [file]);
    return runEnsemble(prepared, readInput(input), { run: 'e' });
  };

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'orrery-ensembles-'));
    folders = [join(cwd, 'ensembles'), join(cwd, 'user/ensembles')];
    write('ensembles/one.yaml', saying('one', 'mine'));
    write('user/ensembles/one.yaml', saying('one', "the user's"));
    write('user/ensembles/two.yaml', saying('two', "the user's"));
    write('elsewhere/near.yaml', saying('near', 'near'));
    const nest = (name: string, inner: string, more = '') =>
      write(
        `elsewhere/${name}.yaml`,
        `ensemble: ${name}\nagents:\n  - { name: inner, kind: ensemble, ensemble: ${inner}${more} }\n`,
      );
    nest('outer', 'near');
    nest('each', 'upper', ', fanOut: input.files, concurrency: 2');
    write(
      'elsewhere/upper.yaml',
      'ensemble: upper\nagents:\n  - { name: a, kind: template, template: "<{{input}}>" }\n',
    );
    nest('ping', 'pong');
    nest('pong', 'ping');
    for (let depth = 0; depth < 12; depth++) nest(`deep${depth}`, depth === 11 ? 'near' : `deep${depth + 1}`);
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test("a project's ensemble comes before the user's of that name, and paths work", async () => {
    expect((await play('one')).output).toBe('mine');
    expect((await play('two')).output).toBe("the user's");
    expect((await play('user/ensembles/one.yaml')).output).toBe("the user's");
    expect(problemOf(() => openEnsemble('on', { cwd, folders, runners }))).toMatchObject({
      code: 'ensemble-not-found',
      message: 'there is no ensemble `on`; did you mean `one`?',
      hint: 'Ensembles: one, two. A path to a YAML file works too.',
    });
  });

  test('a file that is not there was looked for in folders of the user’s first, also for one that ships', () => {
    const shipped = folders.at(-1)!;
    const files = createEnsembleFiles(shipped, { cwd, folders, runners });
    const { hint } = problemOf(() => files.read('prompts/none.md'));
    expect(hint?.startsWith(`Looked in ${cwd}, `)).toBe(true);
    expect(hint).toContain(shipped);
  });

  test('an ensemble works within another, also once for each item, and its agents are told', async () => {
    const outer = await play('elsewhere/outer.yaml');
    expect(outer).toMatchObject({ status: 'completed', output: 'near' });
    expect(outer.agents['inner']?.details).toMatchObject({ agents: { a: { status: 'ok', output: 'near' } } });
    expect((await play('elsewhere/each.yaml', '{"files": ["a", "b"]}')).output).toEqual(['<a>', '<b>']);
  });

  test('ensembles that stand in each other, or too deep, are refused before anything is run', async () => {
    await expect(play('elsewhere/ping.yaml')).rejects.toMatchObject({
      code: 'ensemble-invalid',
      message: expect.stringContaining('ensembles stand in each other'),
    });
    await expect(play('elsewhere/deep0.yaml')).rejects.toMatchObject({
      message: expect.stringContaining('more than 8 deep'),
    });
  });
});
