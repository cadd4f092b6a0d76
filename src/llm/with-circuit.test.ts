import { describe, expect, test } from 'vitest';
import { answerOf } from '../../test/answer-of.ts';
import type { ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import { withCircuit } from './with-circuit.ts';

const request: ChatRequest = {
  ...{ profile: 'analyst', provider: 'local', model: 'any', messages: [] },
  ...{ temperature: null, maxTokens: null, schema: null },
};

/** A provider that answers or fails as `state` says, behind a circuit whose clock stands at `state.now`. */
function circuit() {
  const state = { fails: null as ChatError | Error | null, now: 0, asked: 0, takesMs: 0 };
  const model = withCircuit(
    {
      async chat() {
        state.asked++;
        state.now += state.takesMs;
        if (state.fails !== null) throw state.fails;
        return answerOf('up');
      },
    },
    () => state.now,
  );
  const ask = () =>
    model.chat(request).then(
      ({ text }) => text,
      (thrown: Error) => thrown.message,
    );
  return { state, model, ask };
}

const down = new ChatError('provider-failed', 'down', { retryable: true });

/** Asks until the circuit opens. */
async function opened() {
  const one = circuit();
  one.state.fails = down;
  for (let time = 0; time < 5; time++) expect(await one.ask()).toBe('down');
  expect(one.model.state).toBe('open');
  return one;
}

describe('a circuit', () => {
  test('opens after five outages in a row, and turns questions away without asking', async () => {
    const { state, ask } = await opened();
    expect(await ask()).toBe(
      'local failed 5 questions in a row, probes among them, and is left alone for a while',
    );
    expect(state.asked).toBe(5);
  });

  test.each([
    ['an answer', null],
    [
      'a request that is wrong in itself',
      new ChatError('provider-failed', 'too long', { status: 400, retryable: false }),
    ],
    ['an answer that does not fit', new ChatError('answer-invalid', 'prose')],
  ])('stays closed when %s comes between', async (_, between) => {
    const { state, model, ask } = circuit();
    for (let time = 0; time < 20; time++) {
      state.fails = time % 5 === 4 ? between : down;
      await ask();
    }
    expect(model.state).toBe('closed');
    expect(state.asked).toBe(20);
  });

  test('opens on a key that is refused, which no retry would mend', async () => {
    const { state, model, ask } = circuit();
    state.fails = new ChatError('provider-failed', 'bad key', { status: 401, retryable: false });
    for (let time = 0; time < 5; time++) await ask();
    expect(model.state).toBe('open');
  });

  test('probes after a second, then after two, four … at most sixty', async () => {
    const { state, ask } = await opened();
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      state.now += seconds * 1_000 - 1;
      expect(await ask()).toContain('left alone');
      state.now += 1;
      expect(await ask()).toBe('down');
    }
  });

  /** The questions that got through. */
  async function probes({ state, ask }: Awaited<ReturnType<typeof opened>>): Promise<readonly number[]> {
    const askedAt: number[] = [];
    for (let question = 1; question <= 40; question++) {
      const before = state.asked;
      await ask();
      if (state.asked > before) askedAt.push(question);
    }
    return askedAt;
  }

  test('probes after two questions turned away, then after four, then every eight, where no time passes', async () => {
    expect(await probes(await opened())).toEqual([3, 8, 17, 26, 35]);
  });

  test('leaves a provider alone for longer whose failures take time', async () => {
    const one = await opened();
    one.state.takesMs = 1_000;
    expect(await probes(one)).toEqual([3, 8, 17, 34]);
  });

  test('a question turned away is none that was put', async () => {
    const { model } = await opened();
    await expect(model.chat(request)).rejects.toMatchObject({ spent: { calls: 0, turnedAway: 1 } });
  });

  test('closes when a probe is answered, and counts from one again', async () => {
    const { state, model, ask } = await opened();
    state.now = 1_000;
    state.fails = null;
    expect(await ask()).toBe('up');
    expect(model.state).toBe('closed');
    state.fails = down;
    for (let time = 0; time < 4; time++) await ask();
    expect(model.state).toBe('closed');
  });

  test('lets one probe through at a time', async () => {
    const { state, ask } = await opened();
    state.now = 1_000;
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(state.asked).toBe(6);
    expect(answers.filter((answer) => answer === 'down')).toHaveLength(1);
  });

  test('probes again after a probe that was interrupted', async () => {
    const { state, model, ask } = await opened();
    state.now = 1_000;
    state.fails = new Error('interrupted');
    await ask();
    expect(model.state).toBe('open');
    state.fails = null;
    expect(await ask()).toBe('up');
  });
});
