import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, openAgentFolder, turnOf } from '../../test/agent-at-work.ts';
import { createModelRunner } from './index.ts';

const place = openAgentFolder();
afterAll(() => place.remove());
// Files that are run take the console for themselves.
const { log, info, debug } = console;
beforeAll(() => () => Object.assign(console, { log, info, debug }));

let count = 0;
/** Each in a file of its own: what was loaded once stays loaded. */
function model(text: string, extension = 'mjs') {
  const name = `model-${++count}.${extension}`;
  place.write(name, text);
  return place.prepare(createModelRunner(), { model: name });
}
const predicts = (body: string) => model(`export default { predict(scope, { signal }) { ${body} } };`);

describe('a model', () => {
  test('predicts from the turn, at once or later, in JavaScript or TypeScript', async () => {
    const body = 'return { words: scope.input.split(" ").length, aborted: signal.aborted, none: undefined };';
    const expected = { output: { words: 2, aborted: false }, source: 'model' };
    expect(await predicts(body).answer(turnOf('one two'))).toEqual(expected);
    const typed = `class M { rate: number = 2; async predict({ input }: { input: number }): Promise<number> { return input * this.rate; } }
      export default new M();`;
    expect(await model(typed, 'ts').answer(turnOf(21))).toEqual({ output: 42, source: 'model' });
  });

  test('is loaded once, for its first answer', async () => {
    const text =
      'globalThis.loads = (globalThis.loads ?? 0) + 1; export default { predict: () => globalThis.loads };';
    const work = model(text);
    expect((globalThis as { loads?: number }).loads).toBe(undefined);
    const answers = await Promise.all([work.answer(turnOf()), work.answer(turnOf())]);
    expect(answers.map(({ output }) => output)).toEqual([1, 1]);
    delete (globalThis as { loads?: number }).loads;
  });

  test('changes neither what others said nor, later, what it gave', async () => {
    const work = predicts('scope.input.list.push(1); globalThis.gave = { n: 1 }; return globalThis.gave;');
    const input = { list: [] };
    const { output } = await work.answer(turnOf(input));
    (globalThis as unknown as { gave: { n: number } }).gave.n = 2;
    expect({ input, output }).toEqual({ input: { list: [] }, output: { n: 1 } });
    delete (globalThis as { gave?: unknown }).gave;
  });

  test('that never answers is not waited for when the time is up', async () => {
    const stop = new AbortController();
    const answer = predicts('return new Promise(() => {});').answer(turnOf('', { signal: stop.signal }));
    setTimeout(() => stop.abort(new RangeError('enough')), 20);
    await expect(answer).rejects.toThrow('enough');
  });
});

describe('what is wrong with a model is named', () => {
  const cases: readonly (readonly [body: string, fault: string])[] = [
    ['', 'undefined'],
    ['return { score: Number.NaN };', 'NaN at score'],
    ['return [1, { a: [1 / 0] }];', 'Infinity at [1].a[0]'],
    ['return { f() {} };', 'a function at f'],
    ['return 10n;', 'a bigint'],
    ['return { s: Symbol("x") };', 'a symbol at s'],
    ['return { at: new Date(0) };', 'a Date at at'],
    ['return { m: new Map() };', 'a Map at m'],
    ['return new Float64Array(2);', 'a Float64Array'],
    ['return [1, , 2];', 'undefined at [1]'],
    ['const a = {}; a.b = [a]; return a;', 'a value that holds itself at b[0]'],
    ['let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a;', 'more than 200 levels'],
  ];
  for (const [body, fault] of cases) {
    test(fault, async () => {
      const failure = await failureOf(predicts(body));
      expect(failure.message).toContain(`gave what is no JSON: ${fault}`);
      expect(failure).toMatchObject({ code: 'agent-failed', retryable: false });
    });
  }

  test('what it throws, and a file that does not run', async () => {
    expect(await failureOf(predicts('throw new Error("no data\\nat x");'))).toMatchObject({
      ...{
        code: 'agent-failed',
        message: expect.stringMatching(/^model-\d+\.mjs failed: no data$/),
        retryable: true,
      },
    });
    expect((await failureOf(predicts('return { get x() { throw null; } };'))).message).toMatch(
      /failed: null$/,
    );
    expect((await failureOf(model('export default {'))).message).toMatch(/^model-\d+\.mjs cannot be run: /);
    for (const text of ['export default 1;', 'export default { predict: 1 };', 'export const x = 1;']) {
      expect((await failureOf(model(text))).message).toMatch(/does not export a model$/);
    }
  });

  test('a file that is not there, before anything begins', () => {
    expect(() => place.prepare(createModelRunner(), { model: 'none.mjs' })).toThrow(
      'there is no file none.mjs',
    );
    expect(createModelRunner().settings.safeParse({ model: 'weights.onnx' }).success).toBe(false);
  });
});

test('values that are shared again and again are no JSON anybody can hold', async () => {
  const failure = await failureOf(
    predicts('let a = [1]; for (let i = 0; i < 60; i++) a = [a, a]; return a;'),
  );
  expect(failure.message).toMatch(/more than 5000000 values/);
});

test('what an answer depends on are the bytes of its file, of one that runs those it was loaded with', async () => {
  const write = (answer: number) =>
    place.write('content.mjs', `export default { predict: () => ${answer} };`);
  const prepare = () => place.prepare(createModelRunner(), { model: 'content.mjs' });
  write(1);
  const first = prepare().content?.();
  expect(prepare().content?.()).toBe(first);
  write(2);
  const second = prepare().content?.();
  expect(second).not.toBe(first);
  expect((await prepare().answer(turnOf())).output).toBe(2);
  write(3);
  expect((await prepare().answer(turnOf())).output).toBe(2);
  expect(prepare().content?.()).toBe(second);
});
