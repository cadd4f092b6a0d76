import { expect, test } from 'vitest';
import { firstLineOf } from './index.ts';

const throwing = (what: string) => () => {
  throw new Error(what);
};

test.each<readonly [what: string, thrown: unknown, said: string]>([
  ['an error', new Error('the first\nand the second'), 'the first'],
  ['a word', 'only a word', 'only a word'],
  ['nothing', undefined, 'undefined'],
  ['a symbol', Symbol('own'), 'Symbol(own)'],
  ['an object without a prototype', Object.create(null), 'something that cannot be told'],
  [
    'an error whose message throws',
    Object.defineProperty(new Error('hidden'), 'message', { get: throwing('two\nlines') }),
    'something that cannot be told',
  ],
  [
    'an error whose message is no text',
    Object.defineProperty(new Error('hidden'), 'message', { value: 7 }),
    'something that cannot be told',
  ],
  ['an object whose words throw', { toString: throwing('again') }, 'something that cannot be told'],
  [
    'a proxy that throws whatever is asked',
    new Proxy({}, { get: throwing('get'), getPrototypeOf: throwing('prototype') }),
    'something that cannot be told',
  ],
])('%s is told in one line', (_, thrown, said) => {
  expect(firstLineOf(thrown)).toBe(said);
});
