import { z } from 'zod';
import { nearestWord, type OrreryError } from '../core/index.ts';
import { readYaml } from '../yaml/index.ts';
import { fitSection, leastSectionTokens } from './section-budget.ts';

/** Tokens that a place takes at most in the question, in the worst case; one that is not named has no limit. */
export type SectionBudgets = { readonly [place: string]: number };

const keys = {
  version: z.int().min(1),
  inputs: z.array(z.string()),
  budgets: z.record(
    z.string(),
    z.int().min(leastSectionTokens).describe(`whole tokens ≥ ${leastSectionTokens}`),
  ),
  /** Of the answer, a file beside the prompt; a prompt that asks for free words has none. */
  schema: z.string(),
};

/** The header of a prompt that is sealed with what it belongs to: nothing about it is left open. */
export const wholePromptHeader = z.strictObject({
  ...keys,
  budgets: keys.budgets.default({}),
  schema: keys.schema.optional(),
});

/** The header of a prompt that may say no more than its question. */
export const loosePromptHeader = z.strictObject(keys).partial();

export interface PromptFileRequest<Header> {
  /** As the reader of an error knows it. */
  readonly file: string;
  readonly text: string;
  readonly header: z.ZodType<Header>;
  /** What is wrong with the file, as the error of whoever asks. */
  readonly fail: (why: string) => OrreryError;
}

/** A prompt file in its parts. */
export interface PromptFile<Header> {
  /** Null where the file has none. */
  readonly header: Header | null;
  /** What never changes; null where nothing divides it from the question. */
  readonly system: string | null;
  /** With its `{{places}}`. */
  readonly question: string;
}

const headed = /^---\r?\n([\s\S]*?\n)?---\r?(?:\n|$)([\s\S]*)$/;
const divider = /^<!-- *question *-->$/m;

/**
 * A YAML header between two lines of `---`, the constant part, a line `<!-- question -->`, and the question. Models cache a constant
 * beginning, so places may stand only after the line.
 * @throws OrreryError `prompt-invalid` for a header that does not fit, and what `fail` makes
 */
export function readPromptFile<Header>(request: PromptFileRequest<Header>): PromptFile<Header> {
  const { text, fail } = request;
  const match = headed.exec(text);
  const header = match === null ? null : readHeader(request, match[1] ?? '');
  const body = match === null ? text : match[2]!;
  const parts = body.split(divider);
  if (parts.length > 2) throw fail('it has more than one line <!-- question -->');
  const [first = '', second] = parts.map((part) => part.trim());
  if (second === undefined) return { header, system: null, question: first };
  return { header, system: first, question: second };
}

function readHeader<Header>({ file, header }: PromptFileRequest<Header>, written: string): Header {
  return readYaml({
    // The line before it is there so that errors name the line of the file.
    text: `\n${written}`,
    ...{ file, schema: header, code: 'prompt-invalid' },
    hint: 'A header has version, inputs, budgets and schema.',
  });
}

/** @throws OrreryError what `fail` makes, for a budget of something that is not among `inputs` */
export function checkBudgeted(
  budgets: SectionBudgets,
  inputs: readonly string[],
  whatInputs: string,
  fail: (why: string) => OrreryError,
): void {
  for (const input of Object.keys(budgets)) {
    if (inputs.includes(input)) continue;
    const nearest = nearestWord(input, inputs);
    const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
    throw fail(`\`budgets\` names \`${input}\`, which is not among ${whatInputs}${suggestion}`);
  }
}

/** An input that did not fit its budget of `tokens`: `leftOut` of its `lines`, the last ones, are not in the question. */
export interface Cut {
  readonly input: string;
  readonly tokens: number;
  readonly lines: number;
  readonly leftOut: number;
}

/** A section within its budget, and what there was no room for; null where all of it fits. */
export interface BudgetedSection {
  readonly text: string;
  readonly cut: Cut | null;
}

/** What a place is filled with, cut to its budget where it has one. */
export function withinBudget(budgets: SectionBudgets, input: string, words: string): BudgetedSection {
  const tokens = Object.hasOwn(budgets, input) ? budgets[input]! : null;
  if (tokens === null) return { text: words, cut: null };
  const { text, lines, leftOut } = fitSection(words, tokens);
  return { text, cut: leftOut === 0 ? null : { input, tokens, lines, leftOut } };
}
