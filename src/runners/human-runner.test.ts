import { afterAll, expect, test } from 'vitest';
import { failureOf, openAgentFolder, turnOf } from '../../test/agent-at-work.ts';
import { OrreryError } from '../core/index.ts';
import { type Ask, createHumanRunner } from './index.ts';

const place = openAgentFolder();
afterAll(() => place.remove());

const person = (ask: Ask | null, settings: object, given: { readonly [agent: string]: string } = {}) =>
  place.prepare(createHumanRunner({ ask, answers: new Map(Object.entries(given)) }), {
    question: 'Ship {{input}}?',
    ...settings,
  });

test('a person is asked, with what the question speaks of', async () => {
  let asked: unknown[] = [];
  const ask: Ask = async (...all) => {
    asked = all;
    return ' yes\n';
  };
  const turn = turnOf('it');
  expect(await person(ask, { choices: ['yes', 'no'] }).answer(turn)).toEqual({ output: 'yes' });
  expect(asked).toEqual(['Ship it?', { choices: ['yes', 'no'], agent: 'asked', signal: turn.signal }]);
  expect(await person(async () => 'perhaps', {}).answer(turn)).toEqual({ output: 'perhaps' });
});

test('where nobody can be asked it says how to answer', async () => {
  const work = person(null, { choices: ['yes', 'no'] });
  expect(work.unusable).toMatch(/^needs a person/);
  expect(await failureOf(work, turnOf('it'))).toMatchObject({
    ...{ code: 'agent-failed', message: 'needs a person: Ship it?', retryable: false },
    hint: 'Give the answer with `--answer asked=TEXT`. It is one of yes, no.',
  });
});

test('an answer given beforehand is taken without asking', async () => {
  const never: Ask = () => Promise.reject(new RangeError('nobody is to be asked'));
  const work = person(never, { choices: ['yes', 'no'] }, { asked: 'no', other: 'x' });
  expect(work.unusable ?? null).toBe(null);
  expect(await work.answer(turnOf())).toEqual({ output: 'no' });
});

test('an answer that is none is refused: one given beforehand before anything begins', async () => {
  for (const [given, message] of [
    ['yess', 'the answer for `asked` is none of its choices: yess; did you mean `yes`?'],
    [' ', 'the answer for `asked` is empty'],
  ] as const) {
    const refusal = (() => {
      try {
        return person(null, { choices: ['yes', 'no'] }, { asked: given });
      } catch (thrown) {
        return thrown as OrreryError;
      }
    })();
    expect(refusal).toBeInstanceOf(OrreryError);
    expect(refusal).toMatchObject({ code: 'usage-invalid', message });
    const failure = await failureOf(person(async () => given, { choices: ['yes', 'no'] }));
    expect(failure).toMatchObject({ code: 'agent-failed', message, retryable: true });
  }
});

test('a person who does not answer is not waited for when the time is up', async () => {
  const stop = new AbortController();
  const answer = person(() => new Promise(() => {}), {}).answer(turnOf('', { signal: stop.signal }));
  stop.abort(new RangeError('enough'));
  await expect(answer).rejects.toThrow('enough');
});

test('a place that leads nowhere, and choices that are none, are refused', () => {
  expect(() => person(null, { question: '{{inptu}}' })).toThrow(/did you mean `input`/);
  const { settings } = createHumanRunner({ ask: null, answers: new Map() });
  for (const choices of [[], ['a', 'a'], [' a'], ['a\nb'], ['']]) {
    expect(settings.safeParse({ question: 'x', choices }).success, JSON.stringify(choices)).toBe(false);
  }
});
