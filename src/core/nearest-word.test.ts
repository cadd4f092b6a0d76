import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestWord } from './index.ts';

describe('the word a person meant', () => {
  test.each([
    ['limts', ['instruments', 'limits'], 'limits'],
    ['raeder', ['lint', 'reader'], 'reader'],
    ['Capital', ['capital'], 'capital'],
    ['depend_on', ['role', 'depends_on', 'decider'], 'depends_on'],
    // A short word may miss one letter, not two.
    ['rls', ['role'], null],
    ['rol', ['role'], 'role'],
    ['zebra', ['limits', 'capital'], null],
    ['', ['limits'], null],
    ['limits', [], null],
  ])('%s among %j is %s', (word, candidates, expected) => {
    expect(nearestWord(word, candidates)).toBe(expected);
  });

  test('a word of 100,000 letters is given up on, not searched', () => {
    expect(nearestWord('x'.repeat(100_000), ['x'.repeat(99_999)])).toBeNull();
  });

  test('one slip of the finger is always forgiven', () => {
    const word = fc.stringMatching(/^[a-z]{3,20}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('drop', 'swap', 'double'), (meant, seed, slip) => {
        const at = seed % (meant.length - 1);
        const typed = {
          drop: meant.slice(0, at) + meant.slice(at + 1),
          swap: meant.slice(0, at) + meant[at + 1] + meant[at] + meant.slice(at + 2),
          double: meant.slice(0, at) + meant[at] + meant.slice(at),
        }[slip];
        expect(nearestWord(typed, ['0123456789', meant])).toBe(meant);
      }),
    );
  });
});
