import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { play, prepare } from '../../../test/ensemble-place.ts';
import { type JsonValue, OrreryError } from '../../core/index.ts';
import { type AgentDefinitions, type CodeWork, createReducerRunners } from '../index.ts';
import { consensus } from './consensus.ts';
import { council } from './council.ts';
import { vote } from './vote.ts';
import { weighted } from './weighted.ts';

const runners = createReducerRunners();
const fails: CodeWork = () => {
  throw new OrreryError('agent-failed', 'it broke');
};

/** What a reducer makes of agents that say this; undefined for one that fails. */
async function reduce(
  said: { readonly [agent: string]: JsonValue | undefined },
  reducer: { readonly kind: string; readonly [key: string]: unknown },
) {
  const speakers: AgentDefinitions = Object.fromEntries(
    Object.entries(said).map(([name, output]) => [
      name,
      output === undefined ? { kind: 'code', run: fails } : { kind: 'say', say: output },
    ]),
  );
  const agents = { ...speakers, judge: { depends_on: Object.keys(said), ...reducer } };
  const document = await play({ ensemble: 'test', agents, output: { from: 'judge' } }, '', { runners });
  return document.agents['judge']!;
}

const outputOf = async (...asked: Parameters<typeof reduce>) => (await reduce(...asked)).output;

describe('any reducer', () => {
  const reducers = [
    { kind: 'vote' },
    { kind: 'consensus' },
    { kind: 'weighted' },
    { kind: 'best', by: 'score' },
    { kind: 'council' },
    { kind: 'merge' },
  ];
  const template = { kind: 'template', template: '{{agents.a}}' };

  test.each(reducers)('$kind fails when nobody has a voice', async (reducer) => {
    const { status, output, error } = await reduce({ a: undefined, b: undefined }, reducer);
    expect({ status, output, error }).toMatchObject({
      ...{ status: 'failed', output: null },
      error: {
        code: 'agent-failed',
        message: 'nobody has a voice; a failed: it broke; b failed: it broke',
        retryable: false,
      },
    });
  });

  test.each([...reducers, template])('$kind is skipped when nobody it hears was needed', async (reducer) => {
    const agents = {
      a: { kind: 'say', say: 1, when: 'false' },
      judge: { ...reducer, depends_on: ['a'] },
    };
    const document = await play({ ensemble: 'test', agents, output: { from: 'judge' } }, '', { runners });
    expect(document.agents['judge']).toMatchObject({
      status: 'skipped',
      error: { code: 'agent-skipped', message: 'nobody it hears was needed: a' },
    });
  });

  test.each(reducers.slice(0, -1))('$kind that depends on nobody is refused', (reducer) => {
    expect(() => prepare({ ensemble: 'test', agents: { judge: reducer } }, { runners })).toThrow(
      /needs agents to hear/,
    );
  });

  test('is partial where one that answered cannot be counted', async () => {
    const agents = {
      a: { kind: 'say', say: { action: 'BUY' } },
      b: { kind: 'say', say: {} },
      judge: { kind: 'vote', field: 'action', depends_on: ['a', 'b'] },
    };
    const document = await play({ ensemble: 'test', agents }, '', { runners });
    expect(document).toMatchObject({ status: 'partial', output: { winner: 'BUY', missing: ['b'] } });
  });

  test('says who is missing, sorted, and why in the details', async () => {
    const judge = await reduce(
      { z: undefined, a: { action: 'BUY' }, b: { say: 'SELL' } },
      {
        ...{ kind: 'vote', field: 'action', quorum: 0 },
      },
    );
    expect(judge.output).toMatchObject({ winner: 'BUY', missing: ['b', 'z'] });
    expect(judge.details).toEqual({
      missing: { b: 'its output has no `action`', z: 'failed: it broke' },
    });
  });
});

describe('vote', () => {
  test('has the most frequent value win', async () => {
    expect(await outputOf({ a: 'BUY', b: 'SELL', c: 'BUY' }, { kind: 'vote' })).toEqual({
      winner: 'BUY',
      share: 2 / 3,
      votes: { BUY: 2, SELL: 1 },
      tied: [],
      missing: [],
    });
  });

  test('never picks between equals', async () => {
    expect(await outputOf({ a: 'SELL', b: 'BUY' }, { kind: 'vote' })).toEqual({
      winner: null,
      share: 0.5,
      votes: { BUY: 1, SELL: 1 },
      tied: ['BUY', 'SELL'],
      missing: [],
    });
  });

  test('keeps a word apart from a number that reads the same', async () => {
    const output = await outputOf({ a: 1, b: '1', c: true }, { kind: 'vote' });
    expect(output).toMatchObject({ votes: { '1': 1, '"1"': 1, true: 1 }, winner: null });
  });

  test.each([
    [0.5, 'ok'],
    [0.667, 'ok'],
    [0.7, 'failed'],
    [1, 'failed'],
  ])('with a quorum of %d, two of three: %s', async (quorum, status) => {
    const judge = await reduce({ a: 1, b: 1, c: undefined }, { kind: 'vote', quorum });
    expect(judge.status).toBe(status);
    if (status === 'failed')
      expect(judge.error?.message).toMatch(/^2 of 3 have a voice, less than the quorum/);
  });

  test('asks for half of them unless told', async () => {
    const judge = await reduce({ a: 1, b: undefined, c: undefined }, { kind: 'vote' });
    expect(judge.error?.message).toMatch(/^1 of 3 have a voice, less than the quorum of 0.5; b failed/);
  });
});

describe('consensus', () => {
  test.each([
    [['x', 'x', 'x'], undefined, { agreed: true, value: 'x', share: 1 }],
    [['x', 'x', 'y'], undefined, { agreed: false, value: null, share: 2 / 3 }],
    [['x', 'x', 'y'], 0.667, { agreed: true, value: 'x', share: 2 / 3 }],
    [['x', 'y'], 0.5, { agreed: false, value: null, share: 0.5 }],
  ])('of %j with a share of %s', async ([a, b, c], share, expected) => {
    const said = { a: a!, b: b!, ...(c === undefined ? {} : { c }) };
    const reducer = { kind: 'consensus', ...(share === undefined ? {} : { share }) };
    expect(await outputOf(said, reducer)).toMatchObject({ ...expected, missing: [] });
  });
});

describe('weighted', () => {
  test('gives the mean of numbers', async () => {
    const output = await outputOf(
      { a: { score: 1 }, b: { score: 4 }, c: undefined },
      { kind: 'weighted', field: 'score', weights: { a: 2 } },
    );
    expect(output).toEqual({ value: 2, weight: 3, missing: ['c'] });
  });

  test('gives the winner of words', async () => {
    const output = await outputOf({ a: 'BUY', b: 'SELL', c: 'BUY' }, { kind: 'weighted', weights: { b: 3 } });
    expect(output).toEqual({
      winner: 'SELL',
      support: 0.6,
      votes: { SELL: 3, BUY: 2 },
      tied: [],
      missing: [],
    });
  });

  test('sees a tie through the rounding of sums', async () => {
    const weights = { a: 0.1, b: 0.2, c: 0.3 };
    const output = await outputOf({ a: 'x', b: 'x', c: 'y' }, { kind: 'weighted', weights });
    expect(output).toMatchObject({ winner: null, tied: ['x', 'y'], support: 0.5 });
  });

  test('does not weigh numbers against words', async () => {
    const { error } = await reduce({ a: 1, b: 'x' }, { kind: 'weighted' });
    expect(error).toMatchObject({
      code: 'agent-failed',
      message: 'numbers (a) and words (b) cannot be weighed together',
    });
  });

  test('refuses the weight of a stranger', () => {
    const agents = {
      reader: { kind: 'say', say: 1 },
      judge: { kind: 'weighted', weights: { raeder: 2 }, depends_on: ['reader'] },
    };
    expect(() => prepare({ ensemble: 'test', agents }, { runners })).toThrow(
      '`weights` has `raeder`, which is not among its depends_on; did you mean `reader`?',
    );
  });

  test('has an end for the greatest numbers', async () => {
    const most = Number.MAX_VALUE;
    expect(await outputOf({ a: most, b: most, c: most }, { kind: 'weighted' })).toMatchObject({
      value: most,
    });
  });
});

describe('best', () => {
  const said = { b: { n: 2, say: 'b' }, a: { n: 2 }, c: { n: 1 }, d: { n: 'x' } };

  test('takes the highest, of equals the first in depends_on', async () => {
    expect(await outputOf(said, { kind: 'best', by: 'n' })).toEqual({
      ...{ agent: 'b', output: { n: 2, say: 'b' }, score: 2 },
      scores: { b: 2, a: 2, c: 1 },
      tied: ['b', 'a'],
      missing: ['d'],
    });
  });

  test('or the lowest', async () => {
    const output = await outputOf(said, { kind: 'best', by: 'n', lowest: true });
    expect(output).toMatchObject({ agent: 'c', score: 1, tied: [] });
  });
});

describe('council', () => {
  const says = (action: string, confidence?: JsonValue) => ({
    action,
    ...(confidence === undefined ? {} : { confidence }),
  });

  test('sums stated confidences', async () => {
    const said = { a: says('BUY', 0.9), b: says('SELL', 0.3), c: says('SELL', 0.4) };
    const output = (await outputOf(said, { kind: 'council' })) as { support: number };
    expect(output).toEqual({
      ...{ winner: 'BUY', confidence: 0.9, support: expect.closeTo(0.9 / 1.6) },
      votes: { BUY: 0.9, SELL: 0.7 },
      ...{ tied: [], missing: [] },
    });
  });

  test('does not hear who states no confidence from 0 to 1', async () => {
    const said = { a: says('BUY', 0.1), b: says('SELL', 1.5), c: says('SELL'), d: says('SELL', '0.9') };
    const judge = await reduce(said, { kind: 'council', quorum: 0.25 });
    expect(judge.output).toMatchObject({ winner: 'BUY', confidence: 0.1, missing: ['b', 'c', 'd'] });
    expect(judge.details).toEqual({
      missing: {
        b: 'its `confidence` is 1.5, not from 0 to 1',
        c: 'its output has no `confidence`',
        d: 'its `confidence` is no number',
      },
    });
  });

  test('has no winner nor confidence where all is even, and no NaN where nothing is confident', async () => {
    const tie = await outputOf({ a: says('BUY', 0.5), b: says('SELL', 0.5) }, { kind: 'council' });
    expect(tie).toMatchObject({ winner: null, confidence: 0, support: 0.5, tied: ['BUY', 'SELL'] });
    const nothing = await outputOf({ a: says('HOLD', 0), b: says('HOLD', 0) }, { kind: 'council' });
    expect(nothing).toMatchObject({ winner: 'HOLD', confidence: 0, support: 0 });
  });
});

describe('merge', () => {
  test('joins lists without exact duplicates', async () => {
    const said = { a: { found: [{ x: 1, y: 2 }, 3] }, b: { found: [3, { y: 2, x: 1 }, '3'] } };
    expect(await outputOf(said, { kind: 'merge', field: 'found' })).toEqual({
      ...{ merged: [{ x: 1, y: 2 }, 3, '3'], conflicts: {}, missing: [] },
    });
  });

  test('joins objects, and gives to neither what two say differently', async () => {
    const said = { a: { x: 1, y: [1] }, b: { x: 2, y: [1], z: null }, c: undefined };
    expect(await outputOf(said, { kind: 'merge' })).toEqual({
      ...{ merged: { y: [1], z: null }, conflicts: { x: { a: 1, b: 2 } }, missing: ['c'] },
    });
  });

  test('lists everything else by agent', async () => {
    const merged = [
      { agent: 'a', output: 'text' },
      { agent: 'b', output: [1] },
    ];
    expect(await outputOf({ a: 'text', b: [1] }, { kind: 'merge' })).toMatchObject({ merged, conflicts: {} });
  });
});

describe('template', () => {
  test('writes a text around what was said', async () => {
    const template = 'a: {{agents.a.n}}, b: {{agents.b}}';
    const judge = await reduce({ a: { n: 1 }, b: undefined }, { kind: 'template', template });
    expect(judge.output).toBe('a: 1, b: [b failed: it broke]');
    expect(judge.details).toEqual({ missing: { b: 'failed: it broke' } });
  });

  test('writes around failures where there is nothing else', async () => {
    const judge = await reduce({ a: undefined }, { kind: 'template', template: 'a: {{agents.a}}' });
    expect(judge).toMatchObject({
      ...{ status: 'ok', output: 'a: [a failed: it broke]' },
      details: { missing: { a: 'failed: it broke' } },
    });
  });

  test('does without agents', async () => {
    const agents = { text: { kind: 'template', template: 'Said: {{input}}' } };
    expect((await play({ ensemble: 'test', agents }, 'hello', { runners })).output).toBe('Said: hello');
  });
});

describe('whatever is said', () => {
  const voices = fc.array(
    fc.record({
      action: fc.constantFrom('BUY', 'SELL', 'HOLD', '1', '__proto__'),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      number: fc.double({ noNaN: true, noDefaultInfinity: true }),
      weight: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const shuffled = voices.chain((said) => {
    const named = said.map((one, index) => [`a${index}`, one] as const);
    return fc.tuple(fc.constant(named), fc.shuffledSubarray(named, { minLength: named.length }));
  });
  type Named = readonly (readonly [string, JsonValue & { readonly weight: number }])[];
  const reductionsOf = (named: Named, order: Named) => {
    const weights = Object.fromEntries(named.map(([name, { weight }]) => [name, weight]));
    const said = { voices: order.map(([agent, value]) => ({ agent, value })), silent: [] };
    return {
      vote: vote.reduce(said, { field: 'action' }),
      consensus: consensus.reduce(said, { field: 'action', share: 0.5 }),
      words: weighted.reduce(said, { field: 'action', weights }),
      mean: weighted.reduce(said, { field: 'number', weights }),
      council: council.reduce(said, {}),
    };
  };
  const outputsOf = (named: Named, order = named) =>
    Object.entries(reductionsOf(named, order)).map(([kind, { output }]) => [kind, output] as const);

  test('the order of depends_on changes nothing', () => {
    fc.assert(
      fc.property(shuffled, ([named, other]) => {
        expect(JSON.stringify(outputsOf(named, other))).toBe(JSON.stringify(outputsOf(named)));
      }),
    );
  });

  test('shares sum to 1, the winner has the most, and every number is one', () => {
    fc.assert(
      fc.property(shuffled, ([named]) => {
        for (const [kind, output] of outputsOf(named)) {
          const { votes = {}, ...rest } = output as CountedOutput;
          for (const value of Object.values(rest)) {
            if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite);
          }
          if (kind !== 'mean') checkCount(votes, rest, kind);
        }
      }),
    );
  });

  type CountedOutput = {
    readonly votes?: { readonly [value: string]: number };
    readonly [key: string]: unknown;
  };

  function checkCount(votes: { readonly [value: string]: number }, output: CountedOutput, kind: string) {
    const totals = Object.values(votes);
    const all = totals.reduce((sum, total) => sum + total, 0);
    const most = Math.max(...totals);
    const heaviest = totals.filter((total) => total === most).length;
    const others = totals.filter((total) => total !== most).reduce((sum, total) => sum + total, 0);
    const share = (output['share'] ?? output['support']) as number;
    if (all > 0) expect(share * heaviest + others / all).toBeCloseTo(1, 9);
    else expect(share).toBe(0);
    if (kind === 'consensus') return;
    const { winner, tied } = output as { readonly winner?: string | null; readonly tied?: readonly string[] };
    expect(winner === null).toBe(heaviest > 1);
    expect(tied).toHaveLength(heaviest > 1 ? heaviest : 0);
    if (winner != null) expect(votes[winner === '1' ? '"1"' : winner]).toBe(most);
  }
});
