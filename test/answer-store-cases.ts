import { afterAll, expect } from 'vitest';
import type { AnswerStore, CachedAnswer } from '../src/llm/cache/answer-store.ts';

const answer = (text: string, knownAt = 1_700_000_000_000): CachedAnswer => ({
  text,
  answeredBy: 'model-2025-01-01',
  knownAt,
  askedFor: knownAt > 0 ? 'a.7.technical' : null,
});

/** Every key under which the cases of that name keep something. */
export function keysOfCases(name: string): readonly string[] {
  return ['again', ...texts.map((_, index) => `text-${index}`)].map((words) => keyOf(name, words));
}

const texts = ['', '{"a":1}', ' \r\n', 'π ≈ 3 🚀', 'nul \u0000 within', 'half \ud83d of one', "'; drop --"];

function keyOf(name: string, words: string): string {
  return `${name}-${process.pid}-${words}`;
}

type TestFunction = (name: string, work: () => Promise<void>) => void;

/** What every store of answers holds to. Opened for each case anew, over what the others left. */
export function answerStoreCases(name: string, testOn: TestFunction, open: () => Promise<AnswerStore>): void {
  const opened: AnswerStore[] = [];
  const openStore = async () => {
    const store = await open();
    opened.push(store);
    return store;
  };
  afterAll(async () => {
    for (const store of opened) await store.close();
  });
  const key = (words: string) => keyOf(name, words);

  testOn(`${name}: finds nothing where nothing was kept`, async () => {
    const store = await openStore();
    expect(await store.find(key('unheard-of'))).toBeNull();
  });

  testOn(`${name}: gives back what was kept, whatever its characters`, async () => {
    const store = await openStore();
    for (const [index, text] of texts.entries()) {
      await store.keep(key(`text-${index}`), answer(text, index - 3));
    }
    for (const [index, text] of texts.entries()) {
      expect(await store.find(key(`text-${index}`))).toEqual(answer(text, index - 3));
    }
  });

  testOn(`${name}: keeps the last answer of a question, by its own time`, async () => {
    const store = await openStore();
    await store.keep(key('again'), answer('later', 2_000));
    await store.keep(key('again'), answer('earlier', 1_000));
    expect(await store.find(key('again'))).toEqual(answer('earlier', 1_000));
  });
}
