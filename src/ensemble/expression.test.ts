import { describe, expect, test } from 'vitest';
import { compileExpression, inputOf, type Scope } from './index.ts';

const scope: Scope = {
  input: inputOf({ files: ['a', 'b'], n: 3, share: 0.5 }),
  agents: {
    reader: { status: 'ok', output: { score: 0.8, tags: ['x'] }, error: null },
    'trend-following': {
      status: 'failed',
      output: null,
      error: { code: 'agent-failed', message: 'it broke', hint: null, retryable: false },
    },
    in: { status: 'ok', output: 1, error: null },
  },
  item: { value: { path: 'a.ts' }, index: 1 },
  round: { number: 2, previous: { done: false } },
};
const names = Object.keys(scope.agents);

describe('an expression', () => {
  test.each([
    ['reader.status == "ok"', true],
    ['reader.output.score > 0.5 && size(input.files) == 2', true],
    ['trend_following.status', 'failed'],
    ['trend_following.error.code', 'agent-failed'],
    ['agents["trend-following"].error.message', 'it broke'],
    ['agents["in"].output', 1],
    ['input.n == 3 && input.n + 1 == 4 && 2 * input.share == 1', true],
    ['input.n / 2', 1.5],
    ['index == 1 && round == 2 && round + 1 > index', true],
    ['item.path.endsWith(".ts")', true],
    ['previous.done == false', true],
    ['output.done == true', true],
    ['has(reader.output.nothing)', false],
    ['reader.output.?nothing.orValue("none")', 'none'],
    [
      'input.files.map(f, {"name": f, "n": 1})',
      [
        { name: 'a', n: 1 },
        { name: 'b', n: 1 },
      ],
    ],
    ['input.files.filter(f, f != "a")', ['b']],
    ['"x" in reader.output.tags ? [1, 2] : []', [1, 2]],
    ['null', null],
  ])('%s', (text, value) => {
    expect(compileExpression(text, names).evaluate(scope, { done: true })).toEqual(value);
  });

  test.each([
    ['reader.status ==', 'Unexpected token'],
    ['stranger.status == "ok"', 'Unknown variable: stranger'],
    ['process.exit(1)', 'Unknown variable: process'],
    ['x'.repeat(10), 'Unknown variable'],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, 'is no expression'],
    ['"a" + 1', 'is no expression'],
  ])('%s is refused when it is read', (text, why) => {
    expect(() => compileExpression(text, names)).toThrow(
      expect.objectContaining({ code: 'ensemble-invalid', message: expect.stringContaining(why) }),
    );
  });

  test.each([
    [
      'reader.score > 1',
      '`reader` has output, status and error, and no `score`',
      'write `reader.output.score`',
    ],
    ['has(reader.score)', 'no `score`', 'write `reader.output.score`'],
    ['reader["score"] == 1', 'no `score`', 'write `reader.output.score`'],
    ['input.files.exists(f, f == reader.?tags)', 'no `tags`', 'write `reader.output.tags`'],
    ['trend_following.action == "BUY"', 'no `action`', 'write `trend_following.output.action`'],
    ['reader.stats == "ok"', 'no `stats`; did you mean `status`?', 'reader.output.stats'],
    ['agents.reader.score > 1', '`agents.reader` has output', 'write `agents.reader.output.score`'],
    ['agents["trend-following"].action', 'no `action`', '.output.action`'],
    [
      'agents["redaer"].output == 1',
      'speaks of `redaer`, which is no agent; did you mean `reader`?',
      'reader',
    ],
    ['agents.writer.output == 1', 'speaks of `writer`, which is not among its depends_on', 'Add `writer`'],
    ['redaer.output.score > 1', 'Unknown variable: redaer; did you mean `reader`?', 'It can speak of input'],
    ['inptu.kind == "a"', 'did you mean `input`?', 'trend_following'],
    ['writer.output == 1', '`writer` is an agent, and not among its depends_on', 'Add `writer`'],
    ['trend-following.output == 1', 'a hyphen is a minus sign', 'Write `trend_following`'],
    ['reader.status = "ok"', 'Unexpected character: =', '`==` compares'],
    ['reader.status == "a=b" &', 'Unexpected character: &', 'An expression is like'],
  ])('%s is refused with what to do', (text, why, hint) => {
    expect(() => compileExpression(text, names, [...names, 'writer'])).toThrow(
      expect.objectContaining({
        ...{ code: 'ensemble-invalid', message: expect.stringContaining(why) },
        hint: expect.stringContaining(hint),
      }),
    );
  });

  test('may use the name of an agent for something else', () => {
    const shadowed = compileExpression('[{"score": 1}].map(reader, reader.score)', names);
    expect(shadowed.evaluate(scope)).toEqual([1]);
  });

  test.each([
    ['reader.output.nothing == 1', 'No such key: nothing'],
    ['input.constructor', 'No such key: constructor'],
    ['input.__proto__', 'No such key: __proto__'],
    ['input.files[7]', 'has no value'],
  ])('%s has no value, which is a failure', (text, why) => {
    expect(() => compileExpression(text, names).evaluate(scope)).toThrow(
      expect.objectContaining({ code: 'agent-failed', message: expect.stringContaining(why) }),
    );
  });

  test.each([
    ['[1].all(a, [1].all(b, [1].all(c, true)))', 'at most 2 deep', 'kind script'],
    ['[1].map(a, size([1].filter(b, [1].exists(c, true))))', 'at most 2 deep', 'kind script'],
    ['"aaa".matches("^(a+)+$")', 'may never end', 'contains, startsWith or endsWith'],
    ['cel.bind(a, [1], a + a)', '`bind`', 'Write the value out'],
    ['a_b.output == 1', '`a_b` could be `a-b` or `a_b`', 'agents["a-b"]'],
    ['a-b.output == 1', 'a hyphen is a minus sign', 'agents["a-b"]'],
    ['string.status == "ok"', '`string` is a word of CEL', 'agents["string"]'],
    ['google.output', '`google` is a word of CEL', 'agents["google"]'],
    ['cel.?status', '`cel` is a word of CEL', 'agents["cel"]'],
    ['for.status', '`for` is a word of CEL', 'agents["for"]'],
    ['"n" + 1', 'no such overload', 'string(input.n)'],
  ])('%s is refused for what it would do', (text, why, hint) => {
    const named = ['a-b', 'a_b', 'string', 'google', 'cel', 'for'];
    expect(() => compileExpression(text, named, named)).toThrow(
      expect.objectContaining({
        ...{ code: 'ensemble-invalid', message: expect.stringContaining(why) },
        hint: expect.stringContaining(hint),
      }),
    );
  });

  test('leaves alone what only looks like one of those', () => {
    const named = ['string', 'a-b', 'a_b', 'duration'];
    const given = { ...scope, agents: Object.fromEntries(named.map((name) => [name, scope.agents['in']!])) };
    const value = (text: string) => compileExpression(text, named).evaluate(given);
    expect(value('type("x") == string && string(1) == "1"')).toBe(true);
    expect(value('agents["string"].output + agents["a-b"].output')).toBe(2);
    expect(value('[{"a": 1}].map(string, string.a)')).toEqual([1]);
    expect(value('duration.status')).toBe('ok');
    expect(value('[[1, 2], [3]].map(l, l.map(n, n * 2)).map(l, size(l)).exists(n, n == 2)')).toBe(true);
    expect(value('input.n % 2')).toBe(1);
    expect(value('input.n % input.share')).toBe(0);
    expect(value('uint(5)')).toBe(5);
  });

  const doubled = '.map(a, a + a)'.repeat(30);
  const paired = '.map(a, [a, a])'.repeat(30);
  test.each([
    ['input.all(a, input.all(b, b >= 0))', 'more than 1000000 values'],
    ['input.exists(a, input.exists(b, b < 0))', 'more than 1000000 values'],
    ['input.all(a, input.exists(b, b < 0) || true)', 'more than 1000000 values'],
    [`[input]${doubled}`, 'more than 1000000 values'],
    [`["aaa"]${doubled}`, 'more than 1000000 values'],
    [`[1]${paired}`, 'more than 1000000 values'],
  ])('%s ends', (text, why) => {
    const long = { ...scope, input: inputOf(Array.from({ length: 5000 }, (_, index) => index)) };
    const begun = performance.now();
    expect(() => compileExpression(text, []).evaluate(long)).toThrow(
      expect.objectContaining({ code: 'agent-failed', message: expect.stringContaining(why) }),
    );
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  test.each([
    ['timestamp("2026-01-02T00:00:00Z")', 'gives no JSON: Date'],
    ['[duration("1s")]', 'gives no JSON: google.protobuf.Duration'],
    ['type(1)', 'gives no JSON'],
    ['b"abc"', 'gives no JSON'],
    ['input.?files', 'gives no JSON: optional'],
    ['1.0 / 0.0', 'gives no JSON: Infinity'],
  ])('%s is no JSON', (text, why) => {
    expect(() => compileExpression(text, []).evaluate(scope)).toThrow(
      expect.objectContaining({ code: 'agent-failed', message: expect.stringContaining(why) }),
    );
  });

  test('says how a number becomes text', () => {
    expect(() => compileExpression('input.n + "x"', []).evaluate(scope)).toThrow(
      expect.objectContaining({ code: 'agent-failed', hint: expect.stringContaining('string(input.n)') }),
    );
  });
});
