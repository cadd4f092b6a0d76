import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import { checkShape, readYaml, readYamlFile, refusal } from './index.ts';

const positive = z.number().positive().describe('a number > 0');
const schema = z.strictObject({
  name: z.string().describe('a name'),
  capital: positive.optional(),
  limits: z.strictObject({ leverage: positive.optional(), drawdownPct: positive.optional() }).optional(),
  agents: z
    .array(
      z.strictObject({ role: z.enum(['technical', 'sentiment']), apiKeyEnv: z.string().max(8).optional() }),
    )
    .optional(),
  moon: z
    .string()
    .superRefine((moon, context) => {
      if (moon === 'cheese') {
        context.addIssue(refusal(new OrreryError('moon-unknown', 'no moon `cheese`', { hint: 'Eat it.' })));
      }
    })
    .optional(),
});

const request = { file: 'x.yaml', schema, code: 'desk-invalid', hint: 'See docs/desk-file.md.' } as const;

function problemOf(text: string): OrreryError {
  try {
    readYaml({ ...request, text });
  } catch (thrown) {
    if (thrown instanceof OrreryError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

test('a good text becomes what the schema makes of it', () => {
  const text = '# a comment\nname: &n solar\ncapital: 1e4 # dollars\nmoon: *n\n';
  expect(readYaml({ ...request, text })).toEqual({ name: 'solar', capital: 10_000, moon: 'solar' });
});

describe('a mistake is one line: file, line, column, what and what to do', () => {
  test.each([
    ['unknown key', 'name: a\nlimts: {}', 'x.yaml:2:1: unknown key `limts`; did you mean `limits`?'],
    [
      'unknown inner key',
      'name: a\nlimits:\n  leverag: 2',
      'x.yaml:3:3: unknown key `leverag` in `limits`; did you mean `leverage`?',
    ],
    ['unlike any key', 'name: a\nzebra: 1', 'x.yaml:2:1: unknown key `zebra`'],
    [
      'wrong type',
      'name: a\nlimits: { leverage: lots }',
      'x.yaml:2:21: `limits.leverage`: expected a number > 0, got "lots"',
    ],
    ['out of range', 'name: a\ncapital: -5', 'x.yaml:2:10: `capital`: expected a number > 0, got -5'],
    ['nothing written', 'name: a\ncapital:', 'x.yaml:2:9: `capital`: expected a number > 0, got nothing'],
    ['infinite', 'name: a\ncapital: .inf', 'x.yaml:2:10: `capital`: expected a number > 0, got Infinity'],
    ['missing key', '# hello\n\ncapital: 1', 'x.yaml:3:1: `name` is missing; expected a name'],
    [
      'missing in a list',
      'name: a\nagents:\n  - role: technical\n  - {}',
      'x.yaml:4:5: `agents[1].role` is missing; expected one of technical, sentiment',
    ],
    [
      'no such choice',
      'name: a\nagents: [{ role: tecnical }]',
      'x.yaml:2:18: `agents[0].role`: expected one of technical, sentiment, got "tecnical"; did you mean `technical`?',
    ],
    [
      'number for text',
      'name: 600519',
      'x.yaml:1:7: `name`: expected a name, got 600519; write it in quotes',
    ],
    ['list for keys', '- a', 'x.yaml:1:1: expected keys with values, got a list of 1'],
    [
      'misspelt key first',
      'nam: a\ncapital: 0',
      'x.yaml:1:1: unknown key `nam`; did you mean `name`? (+2 more)',
    ],
  ])('%s', (_, text, message) => {
    const problem = problemOf(text);
    expect(problem.message).toBe(message);
    expect(problem.code).toBe('desk-invalid');
    expect(problem.hint).not.toBeNull();
  });

  test("a schema's own refusal keeps its code and hint, and gets the line", () => {
    const problem = problemOf('name: a\nmoon: cheese');
    expect(problem).toMatchObject({ code: 'moon-unknown', hint: 'Eat it.' });
    expect(problem.message).toBe('x.yaml:2:7: no moon `cheese`');
  });

  test.each([
    ['a line break', '"limts\\nfatal": 1', 'unknown key `limts fatal`'],
    ['a colour', '"\\e[31mlimts": 1', 'unknown key ` [31mlimts`'],
    ['a novel', `${'x'.repeat(900)}: 1`, `unknown key \`${'x'.repeat(40)}…\``],
    ['a novel to choose from', `agents: [{ role: ${'x'.repeat(900)} }]`, `got "${'x'.repeat(40)}…"`],
  ])('%s in the file stays out of the message', (_, line, part) => {
    const { message } = problemOf(`name: a\n${line}`);
    expect(message).toContain(part);
    expect(message).toMatch(/^[^\p{Cc}]{1,200}$/u);
  });

  test('a key pasted in the wrong place is not repeated', () => {
    const { message } = problemOf('name: a\nagents: [{ role: technical, apiKeyEnv: sk-0123456789 }]');
    expect(message).not.toContain('sk-');
    expect(message).toContain('agents[0].apiKeyEnv');
  });
});

describe('a text that is no such file is refused at once', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b]',
    'd: [*c,*c,*c,*c,*c]',
  ].join('\n');
  test.each([
    ['empty', '', 'x.yaml:1:1: the file is empty'],
    ['only comments', '# name: a\n', 'x.yaml:1:1: the file is empty'],
    ['tabs', 'name: a\nlimits:\n\tleverage: 2', 'x.yaml:3:1: a tab is used as indentation; use spaces'],
    ['unclosed', 'name: "a', 'x.yaml:1:9: not valid YAML: Missing closing "quote'],
    [
      'two documents',
      'name: a\n---\nname: b',
      'x.yaml:2:1: a second document begins here; keep one and remove the `---`',
    ],
    ['doubled key', 'name: a\ncapital: 1\nname: b', 'x.yaml:3:1: key `name` is written twice; keep one'],
    [
      'prototype',
      'name: a\n__proto__: { x: 1 }',
      'x.yaml:2:1: `__proto__` cannot be a key; use another word',
    ],
    ['merge key', 'name: a\nlimits: { <<: {} }', 'x.yaml:2:11: merge keys'],
    ['list as key', 'name: a\n? [x]\n: 1', 'x.yaml:2:3: a list or a map is used as a key; use a word'],
    ['own tag', 'name: !js/function "x"', 'x.yaml:1:7: not valid YAML: Unresolved tag: !js/function'],
    ['lost alias', 'name: *nobody', 'x.yaml:1:7: alias `*nobody` has no anchor `&nobody` before it'],
    ['endless alias', 'name: &n [*n]', 'x.yaml:1:11: alias `*n` stands inside its own anchor'],
    ['alias bomb', bomb, 'x.yaml:1:1: aliases multiply each other too often; write the values out'],
    [
      'many aliases',
      `name: &n a\nagents: [${'*n,'.repeat(30)}]`,
      'x.yaml:2:70: more than 20 aliases; write the values out',
    ],
    ['binary', 'name: a\n\u0000\u0001', 'x.yaml:2:1: not a text file in UTF-8; save it as plain text'],
    ['Latin-1', 'name: caf\ufffd', 'x.yaml:1:10: not a text file in UTF-8; save it as plain text'],
  ])('%s', (_, text, message) => {
    expect(problemOf(text).message).toContain(message);
  });

  test.each([
    ['flow lists', `name: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['unclosed lists', '['.repeat(10_000)],
    ['block lists', `${'- '.repeat(10_000)}x`],
    ['flow maps', `name: ${'{a: '.repeat(10_000)}`],
    ['just below what exhausts the stack', `name: ${'['.repeat(200)}${']'.repeat(200)}`],
  ])('10,000 levels of %s', (_, text) => {
    expect(problemOf(text).message).toContain('nested more than 50 levels deep');
  });

  test('a map of 60,000 keys takes no minute', () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n');
    const { message } = problemOf(text);
    expect(message).toContain('unknown key `k0` (+60000 more)');
  });

  test('10 MB are refused unread', () => {
    expect(problemOf('name: a\n'.repeat(1_250_000)).message).toBe(
      'x.yaml:1:1: larger than 1 MB; a file of this kind is a few kilobytes',
    );
  });

  test('whatever the text, the answer is a value or one line without a stack', () => {
    const alphabet = [
      'name',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '"',
      "'",
      '|',
      '>',
      '#',
      '!',
      '%',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...alphabet), fc.string()), { maxLength: 30 });
    fc.assert(
      fc.property(text, (pieces) => {
        try {
          readYaml({ ...request, text: pieces.join('') });
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OrreryError);
          expect((thrown as OrreryError).message).toMatch(/^x\.yaml:\d+:\d+: [^\n]+$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-yaml-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (file: string) => () => readYamlFile({ ...request, file });
  const refused = (code: string, part: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(part) });

  test('are read, or refused by name', () => {
    const good = join(folder, 'good.yaml');
    writeFileSync(good, '\ufeffname: solar\n');
    expect(read(good)()).toEqual({ name: 'solar' });
    expect(read(join(folder, 'none.yaml'))).toThrow(refused('file-not-found', 'none.yaml does not exist'));
    expect(read(join(good, 'x.yaml'))).toThrow(refused('file-not-found', 'does not exist'));
    expect(read(folder)).toThrow(refused('file-unreadable', 'is a folder'));
  });

  test('of 10 MB or in binary are refused', () => {
    const large = join(folder, 'large.yaml');
    writeFileSync(large, Buffer.alloc(10_000_000, 'a'));
    expect(read(large)).toThrow(refused('desk-invalid', 'larger than 1 MB'));
    const binary = join(folder, 'binary.yaml');
    writeFileSync(binary, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0x00]));
    expect(read(binary)).toThrow(refused('desk-invalid', 'binary.yaml:1:1: not a text file'));
  });
});

test('a value without lines is checked the same way', () => {
  const check = () =>
    checkShape({
      value: { name: 'a', limts: 1 },
      schema,
      code: 'configuration-invalid',
      where: '--set limts',
      hint: 'Look it up.',
    });
  expect(check).toThrow('--set limts: unknown key `limts`; did you mean `limits`?');
});
