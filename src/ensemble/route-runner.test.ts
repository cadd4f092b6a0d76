import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { play, prepare } from '../../test/ensemble-place.ts';
import { type JsonValue, OrreryError } from '../core/index.ts';
import {
  type AgentDefinitions,
  createReducerRunners,
  noAgentCost,
  type Runner,
  routeRunner,
  type Turn,
} from './index.ts';

/** A model that gives one answer, or throws, and remembers what it was asked. */
function fakeModel(answer: (turn: Turn) => JsonValue | Promise<JsonValue>, unusable: string | null = null) {
  const prepared: object[] = [];
  const asked: string[] = [];
  const runner: Runner = {
    kind: 'llm',
    settings: z.strictObject({ prompt: z.string().optional() }),
    prepare(settings) {
      prepared.push(settings);
      return {
        ...{ questions: 1, unusable },
        async answer(turn) {
          asked.push(turn.label);
          turn.spend({ ...noAgentCost, calls: 1 });
          return { output: await answer(turn), source: 'llm' };
        },
      };
    },
  };
  return { runner, prepared, asked };
}

const leaf = { kind: 'llm' };
const fail = (code: 'provider-failed' | 'recording-miss') => () => {
  throw new OrreryError(code, 'it is down');
};
const bothWays = { left: ['momentum'], right: ['events'] };
const twoLeaves = (route: object): AgentDefinitions => ({
  route: { kind: 'route', branches: bothWays, ...route },
  momentum: { kind: 'say', say: 'up' },
  events: { kind: 'say', say: 'none' },
});
const out = { output: { template: 'done' } };

async function routed(route: object, input = '{}', model = fakeModel(() => null)) {
  const runners = [routeRunner as Runner, model.runner];
  const document = await play({ ensemble: 'test', agents: twoLeaves(route), ...out }, input, { runners });
  return { document, route: document.agents['route']! };
}

describe('by rules', () => {
  const rules = [
    { when: 'input.left', take: 'left' },
    { when: 'input.right', take: ['right'] },
  ];

  test.each([
    [{ left: true, right: false }, ['left'], '`input.left`'],
    [{ left: false, right: true }, ['right'], '`input.right`'],
    [{ left: true, right: true }, ['left', 'right'], '`input.left` and `input.right`'],
    [{ left: false, right: false }, ['left', 'right'], 'no rule holds'],
  ])('%j', async (input, take, reason) => {
    const { document, route } = await routed({ rules }, JSON.stringify(input));
    expect(route).toMatchObject({
      source: 'rules',
      output: { take, by: 'rules', reason, fellBack: false },
    });
    expect(document.status).toBe('completed');
    expect(document.agents['momentum']?.status).toBe(take.includes('left') ? 'ok' : 'skipped');
    expect(document.agents['events']?.status).toBe(take.includes('right') ? 'ok' : 'skipped');
    expect(document.routing?.taken).toEqual({ route: take });
  });

  test('takes `otherwise` where none holds', async () => {
    const { route } = await routed({ rules, otherwise: ['right'] }, '{"left": false, "right": false}');
    expect(route.output).toMatchObject({ take: ['right'] });
    const word = await routed({ rules, otherwise: 'right' }, '{"left": false, "right": false}');
    expect(word.route.output).toMatchObject({ take: ['right'] });
  });

  test('takes every branch where there are none', async () => {
    const { route } = await routed({});
    expect(route.output).toEqual({ take: ['left', 'right'], by: 'rules', reason: null, fellBack: false });
  });

  test('leads everywhere when a rule has no value', async () => {
    const { document, route } = await routed({ rules }, '{}');
    expect(route).toMatchObject({ status: 'failed', error: { code: 'agent-failed' } });
    expect(document).toMatchObject({ status: 'partial', routing: { taken: {}, spared: [], callsSaved: 0 } });
    expect(document.agents['momentum']?.status).toBe('ok');
  });
});

describe('by a model', () => {
  const asks = { prompt: 'route.md', profile: 'fast', rules: [{ when: 'true', take: 'right' }] };

  test('asks it for branches, with a reason', async () => {
    const model = fakeModel(() => ({ take: ['right', 'left', 'right'], reason: 'both matter' }));
    const { document, route } = await routed(asks, '{}', model);
    expect(route).toMatchObject({
      source: 'llm',
      output: { take: ['left', 'right'], by: 'llm', reason: 'both matter', fellBack: false },
    });
    expect(document).toMatchObject({ status: 'completed', routing: { routerCalls: 1, callsSaved: 0 } });
    expect(model.prepared).toEqual([
      {
        ...{ prompt: 'route.md', profile: 'fast' },
        schema: expect.objectContaining({
          properties: expect.objectContaining({
            take: expect.objectContaining({
              items: { type: 'string', enum: ['left', 'right'] },
              minItems: 1,
            }),
          }),
          required: ['take', 'reason'],
        }),
      },
    ]);
  });

  test.each([
    ['fails', fakeModel(fail('provider-failed')), 'provider-failed'],
    ['takes a branch that is not there', fakeModel(() => ({ take: ['up'], reason: '' })), 'answer-invalid'],
    ['takes none', fakeModel(() => ({ take: [] })), 'answer-invalid'],
    ['says nothing of the kind', fakeModel(() => 'left'), 'answer-invalid'],
  ])('falls back to rules when it %s, and says so', async (_how, model, code) => {
    const { document, route } = await routed(asks, '{}', model);
    expect(route).toMatchObject({
      ...{ status: 'ok', source: 'rules', details: { failure: { code } } },
      output: { take: ['right'], by: 'rules', reason: '`true`', fellBack: true },
    });
    expect(document).toMatchObject({ status: 'partial', routing: { spared: ['momentum'], routerCalls: 1 } });
  });

  test('asks as an llm agent would unless told otherwise', async () => {
    const model = fakeModel(() => ({ take: ['left'], reason: '' }));
    await routed({ prompt: 'route.md' }, '{}', model);
    expect(model.prepared).toEqual([{ prompt: 'route.md', profile: 'analyst', schema: expect.anything() }]);
  });

  test('is not asked where none is configured, and that is no failure', async () => {
    const model = fakeModel(() => null, 'no provider');
    const { document, route } = await routed(asks, '{}', model);
    expect(route).toMatchObject({ source: 'rules', output: { by: 'rules', fellBack: false } });
    expect(document.status).toBe('completed');
    expect(model.asked).toEqual([]);
  });

  test('lets what is no failure of a model end the router', async () => {
    const { route } = await routed(asks, '{}', fakeModel(fail('recording-miss')));
    expect(route).toMatchObject({ status: 'failed', error: { code: 'recording-miss' } });
  });

  test('does not turn to rules when its time is up', async () => {
    const model = fakeModel(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new OrreryError('provider-failed', 'cut off')));
        }),
    );
    const { route } = await routed({ ...asks, timeoutMs: 10 }, '{}', model);
    expect(route.status).toBe('timeout');
  });

  test('counts as one question, none without a key', () => {
    const questions = (unusable: string | null) => {
      const runners = [routeRunner as Runner, fakeModel(() => null, unusable).runner];
      return prepare({ ensemble: 'test', agents: twoLeaves(asks), ...out }, { runners }).questions;
    };
    expect([questions(null), questions('no provider')]).toEqual([1, 0]);
  });
});

describe('refuses at once', () => {
  test.each([
    [{ rules: [{ when: 'true', take: 'rigth' }] }, /`rules` takes `rigth`.*did you mean `right`/],
    [{ otherwise: ['lift'] }, /`otherwise` takes `lift`, which is no branch; did you mean `left`/],
    [{ rules: [{ when: 'nobody.status == 1', take: 'left' }] }, /is no expression/],
    [
      { branches: { left: ['momentun'] } },
      /leads to `momentun`, which does not exist; did you mean `momentum`/,
    ],
    [{ branches: {} }, /one or more branches/],
    [{ branches: { left: [] } }, /one or more agents/],
    [{ profile: 'fast' }, /`profile` is for a model, which needs a `prompt`/],
  ])('%j', (route, message) => {
    const runners = [routeRunner as Runner, fakeModel(() => null).runner];
    const agents = twoLeaves(route);
    expect(() => prepare({ ensemble: 'test', agents, ...out }, { runners })).toThrow(message);
  });
});

describe('a tree of routers', () => {
  const tree = (root: object = {}, inner: object = {}): AgentDefinitions => ({
    desk: {
      kind: 'route',
      branches: { technical: ['technical'], fundamental: ['fundamental'] },
      rules: [
        { when: 'input.price', take: 'technical' },
        { when: 'input.news', take: 'fundamental' },
      ],
      ...root,
    },
    technical: {
      kind: 'route',
      branches: { momentum: ['momentum'], reversion: ['mean-reversion'] },
      rules: [{ when: 'has(input.trend)', take: 'momentum' }],
      ...inner,
    },
    fundamental: { kind: 'route', branches: { sentiment: ['sentiment'], events: ['events'] } },
    momentum: leaf,
    'mean-reversion': leaf,
    sentiment: leaf,
    events: leaf,
    vote: { kind: 'vote', depends_on: ['momentum', 'mean-reversion', 'sentiment', 'events'] },
  });

  async function climb(input: object, root?: object, inner?: object, answer: () => JsonValue = () => 'BUY') {
    const model = fakeModel(answer);
    const runners = [routeRunner as Runner, model.runner, ...createReducerRunners()];
    const agents = tree(root, inner);
    const definition = { ensemble: 'desk', agents, output: { from: 'vote' } };
    const document = await play(definition, JSON.stringify(input), { runners });
    return { document, asked: model.asked.map((label) => label.replace('e_test.', '')).sort() };
  }

  test('goes left', async () => {
    const { document, asked } = await climb({ price: true, news: false });
    expect(asked).toEqual(['mean-reversion', 'momentum']);
    expect(document).toMatchObject({
      ...{ status: 'completed', usage: { calls: 2 } },
      output: { winner: 'BUY', votes: { BUY: 2 }, missing: ['events', 'sentiment'] },
    });
    expect(document.routing).toEqual({
      taken: { desk: ['technical'], technical: ['momentum', 'reversion'] },
      spared: ['fundamental', 'sentiment', 'events'],
      ...{ callsSaved: 2, routerCalls: 0 },
    });
  });

  test('goes to one leaf, whose voice is all that was asked for', async () => {
    const { document, asked } = await climb({ price: true, news: false, trend: 1 });
    expect(asked).toEqual(['momentum']);
    expect(document).toMatchObject({ status: 'completed', output: { winner: 'BUY', share: 1 } });
    expect(document.routing?.callsSaved).toBe(3);
  });

  test('goes right', async () => {
    const { document, asked } = await climb({ price: false, news: true });
    expect(asked).toEqual(['events', 'sentiment']);
    expect(document.routing?.callsSaved).toBe(2);
  });

  test('goes both ways', async () => {
    const { document, asked } = await climb({ price: true, news: true });
    expect(asked).toEqual(['events', 'mean-reversion', 'momentum', 'sentiment']);
    expect(document.routing).toMatchObject({ spared: [], callsSaved: 0 });
  });

  test('counts what a router asked beside what it saved', async () => {
    const takes = () => ({ take: ['technical'], reason: 'it is about the price' });
    const { document, asked } = await climb(
      { trend: 1, price: 0, news: 0 },
      { prompt: 'route.md' },
      {},
      takes,
    );
    expect(asked).toEqual(['desk', 'momentum']);
    expect(document.routing).toMatchObject({ callsSaved: 3, routerCalls: 1 });
  });

  test('saves nothing where nobody has a model', async () => {
    const model = fakeModel(() => 'BUY', 'no provider');
    const runners = [routeRunner as Runner, model.runner, ...createReducerRunners()];
    const definition = { ensemble: 'desk', agents: tree(), output: { from: 'vote' } };
    const document = await play(definition, '{"price": true, "news": false}', { runners });
    expect(document.routing).toMatchObject({ spared: expect.arrayContaining(['events']), callsSaved: 0 });
  });

  test('goes everywhere under a router that failed', async () => {
    const { document, asked } = await climb(
      { price: true, news: false },
      {},
      { rules: [{ when: 'input.missing', take: 'momentum' }] },
    );
    expect(asked).toEqual(['mean-reversion', 'momentum']);
    expect(document).toMatchObject({ status: 'partial', output: { winner: 'BUY' } });
    expect(document.routing).toMatchObject({ taken: { desk: ['technical'] }, callsSaved: 2 });
  });

  test('goes everywhere when its root failed', async () => {
    const { document, asked } = await climb({});
    expect(asked).toEqual(['events', 'mean-reversion', 'momentum', 'sentiment']);
    expect(document).toMatchObject({ status: 'partial', routing: { spared: [], callsSaved: 0 } });
  });

  test('goes everywhere under a router that was skipped because somebody it needs failed', async () => {
    const model = fakeModel(fail('provider-failed'));
    const agents = {
      ...twoLeaves({ depends_on: ['reader'], required: ['reader'], otherwise: ['left'] }),
      reader: leaf,
    };
    const runners = [routeRunner as Runner, model.runner];
    const document = await play({ ensemble: 'test', agents, ...out }, '{}', { runners });
    expect(document.agents['route']?.status).toBe('skipped');
    expect(document.agents['momentum']?.status).toBe('ok');
    expect(document.routing).toMatchObject({ spared: [], callsSaved: 0 });
  });

  test('a router has no voice among those it routes to a vote', async () => {
    const agents = {
      route: { kind: 'route', branches: { all: ['vote'] } },
      a: { kind: 'say', say: 'x' },
      vote: { kind: 'vote', depends_on: ['a'] },
    };
    const runners = [routeRunner as Runner, ...createReducerRunners()];
    const document = await play({ ensemble: 'test', agents, output: { from: 'vote' } }, '', { runners });
    expect(document.output).toMatchObject({ winner: 'x', votes: { x: 1 }, missing: [] });
  });
});
