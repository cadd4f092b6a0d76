import type { AnswerStore, CachedAnswer } from './answer-store.ts';

/** Forgets what was not used for the longest time. */
export function createMemoryStore(maxEntries: number): AnswerStore {
  // A Map keeps its keys in the order in which they were set: the first is the one to forget.
  const answers = new Map<string, CachedAnswer>();
  const set = (key: string, answer: CachedAnswer) => {
    answers.delete(key);
    answers.set(key, answer);
  };
  return {
    async find(key) {
      const answer = answers.get(key);
      if (answer === undefined) return null;
      set(key, answer);
      return answer;
    },
    async keep(key, answer) {
      set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > maxEntries && oldest !== undefined) answers.delete(oldest);
    },
    close: async () => undefined,
  };
}
