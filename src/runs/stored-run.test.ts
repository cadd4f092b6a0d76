import { expect, test } from 'vitest';
import { storedCheckpoint } from './stored-run.ts';

test('a checkpoint of a version whose broker kept no stops is refused by the name of its run', () => {
  const loop = { at: 0, number: 1, portfolio: {}, guard: {}, waiting: [], decider: null };
  expect(() => storedCheckpoint('r_old', { loop, usage: {} })).toThrow(
    expect.objectContaining({
      code: 'run-failed',
      message: 'run r_old stopped in an earlier version, whose account this one cannot go on with',
    }),
  );
});
