import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitSection, leastSectionTokens } from './section-budget.ts';
import { textTokens } from './token-bounds.ts';

const line = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', '[e1] close = 20123.5 USDT', '価格は上がる'),
);
const section = fc
  .array(line, { maxLength: 60 })
  .map((lines) => lines.map((one) => one.replaceAll('\n', ' ')).join('\n'));
const budget = fc.integer({ min: 1, max: 1_000 });

describe('a section', () => {
  test('that fits stays as it is', () => {
    expect(fitSection('one\ntwo', 4)).toEqual({ text: 'one\ntwo', lines: 2, leftOut: 0 });
    expect(fitSection('', 1)).toEqual({ text: '', lines: 1, leftOut: 0 });
  });

  test('that does not is shortened by whole lines from its end, and says so', () => {
    const text = Array.from({ length: 60 }, (_, index) => `[e${index + 1}] moon = 0.5`).join('\n');
    const { text: shortened, lines, leftOut } = fitSection(text, 60);
    expect({ lines, leftOut }).toEqual({ lines: 60, leftOut: 55 });
    expect(shortened.split('\n')).toEqual([...text.split('\n').slice(0, 5), '(55 of 60 lines left out)']);
  });

  test('loses a line that is too long by itself, never a part of it, and what stands below it', () => {
    const { text } = fitSection(`first\n${'x'.repeat(500)}\nlast`, leastSectionTokens);
    expect(text).toBe('first\n(2 of 3 lines left out)');
  });

  test('in another script takes up to a token for each byte', () => {
    const text = '価格は上がる\n'.repeat(10).trimEnd();
    expect(fitSection(text, 10 * 18 + 9).leftOut).toBe(0);
    expect(fitSection(text, 10 * 18 + 8).leftOut).toBe(2);
  });

  test('is empty where not even the line that says so has room', () => {
    expect(fitSection('x'.repeat(100), 3)).toEqual({ text: '', lines: 1, leftOut: 1 });
  });
});

describe('whatever the text and the budget, it', () => {
  test('is never above its budget, the line that says so included', () => {
    fc.assert(
      fc.property(section, budget, (text, tokens) => {
        expect(textTokens(fitSection(text, tokens).text)).toBeLessThanOrEqual(tokens);
      }),
    );
  });

  test('is the text where that fits, else its first lines and the line that says how many are missing', () => {
    fc.assert(
      fc.property(section, budget, (text, tokens) => {
        const fitted = fitSection(text, tokens);
        const lines = text.split('\n');
        expect(fitted.lines).toBe(lines.length);
        if (textTokens(text) <= tokens) expect(fitted).toMatchObject({ text, leftOut: 0 });
        else if (fitted.text !== '' || tokens >= leastSectionTokens) {
          const kept = lines.slice(0, lines.length - fitted.leftOut);
          expect(fitted.leftOut).toBeGreaterThan(0);
          expect(fitted.text.split('\n')).toEqual([
            ...kept,
            `(${fitted.leftOut} of ${lines.length} lines left out)`,
          ]);
        }
      }),
    );
  });

  test('leaves out no line that would have fitted', () => {
    fc.assert(
      fc.property(section, budget, (text, tokens) => {
        const { leftOut, lines } = fitSection(text, tokens);
        if (leftOut < 2 || leftOut === lines) return;
        const more = text.split('\n').slice(0, lines - leftOut + 1);
        const withOneMore = [...more, `(${leftOut - 1} of ${lines} lines left out)`].join('\n');
        expect(textTokens(withOneMore)).toBeGreaterThan(tokens);
      }),
    );
  });

  test('is the same when it is fitted again', () => {
    fc.assert(
      fc.property(section, budget, (text, tokens) => {
        const once = fitSection(text, tokens).text;
        expect(fitSection(once, tokens)).toMatchObject({ text: once, leftOut: 0 });
      }),
    );
  });
});
