import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDecimal } from './csv-number.ts';

const read = (text: string) => readDecimal(Buffer.from(text), 0, Buffer.byteLength(text));

describe('reading a decimal', () => {
  test('gives the double that Number gives', () => {
    const digits = fc.stringMatching(/^[+-]?\d{1,25}(\.\d{0,30})?([eE][+-]?\d{1,3})?$/);
    fc.assert(fc.property(digits, (text) => Object.is(read(text), Number(text))));
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (value) => read(String(value)) === value,
      ),
    );
  });

  test.each([
    '',
    '-',
    '.',
    'abc',
    'NaN',
    'Infinity',
    'null',
    '0x10',
    '1_000',
    '1,435.11',
    '1e',
    '1e+',
    '1.2.3',
    '12 3',
  ])('does not take "%s" for a number', (text) => {
    expect(read(text)).toBeNaN();
  });

  test('stays inside its bounds', () => {
    expect(readDecimal(Buffer.from('123.456'), 1, 3)).toBe(23);
    expect(readDecimal(Buffer.from('1e5'), 0, 2)).toBeNaN();
  });
});
