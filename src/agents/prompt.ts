import { OrreryError } from '../core/index.ts';
import {
  type Cut,
  checkBudgeted,
  parseSchemaFile,
  readPromptFile,
  type SectionBudgets,
  wholePromptHeader,
  withinBudget,
} from '../llm/index.ts';
import type { Schema } from './answer-schema.ts';

/** A versioned prompt: the part that never changes, the part filled in per question, and the schema of the answer. */
export interface Prompt {
  readonly name: string;
  readonly version: number;
  readonly inputs: readonly string[];
  /** Tokens that an input takes at most in the question, in the worst case; one that is not named has no limit. */
  readonly budgets: SectionBudgets;
  readonly system: string;
  readonly user: string;
  readonly schema: Schema;
}

/** Texts of prompt files and their schemas by file name, as they are sealed with a run. */
export type PromptTexts = { readonly [fileName: string]: string };

const place = /\{\{([a-z][a-zA-Z0-9.-]*)\}\}/g;

/**
 * Reads `NAME.md`: a YAML header (`version`, `inputs`, `budgets`, `schema`), the constant part, a line `<!-- question -->`, and
 * the part with `{{places}}`. Models cache a constant beginning, so places may stand only after the line.
 * @throws OrreryError `prompt-invalid` naming the file and what is wrong.
 */
export function readPrompt(name: string, texts: PromptTexts): Prompt {
  const file = `${name}.md`;
  const fail = (why: string) =>
    new OrreryError('prompt-invalid', `prompts/${file}: ${why}`, {
      hint: 'See prompts/technical.md for a prompt that works.',
    });
  const text = texts[file];
  if (text === undefined) throw fail('the file is missing');
  const read = readPromptFile({ file: `prompts/${file}`, text, header: wholePromptHeader, fail });
  const { header, system, question: user } = read;
  if (header === null) throw fail('it needs a YAML header between two lines of ---');
  if (system === null)
    throw fail('it needs one line <!-- question --> between the constant part and the question');
  if (system.search(place) >= 0) throw fail('the part above <!-- question --> may have no {{places}}');
  const places = [...user.matchAll(place)].map((found) => found[1]!);
  const unknown = places.find((found) => !header.inputs.includes(found));
  if (unknown !== undefined) throw fail(`{{${unknown}}} is not among the header's inputs`);
  const unused = header.inputs.find((input) => !places.includes(input));
  if (unused !== undefined) throw fail(`the input ${unused} is never used`);
  checkBudgeted(header.budgets, header.inputs, "the header's inputs", fail);
  const schema = header.schema === undefined ? {} : readSchema(header.schema, texts, fail);
  const { version, inputs, budgets } = header;
  return { name, version, inputs, budgets, system, user, schema };
}

function readSchema(file: string, texts: PromptTexts, fail: (why: string) => OrreryError): Schema {
  const text = texts[file];
  if (text === undefined) throw fail(`its schema ${file} is missing`);
  return parseSchemaFile(file, text, fail) as Schema;
}

/** A question in words, and what there was no room for. */
export interface Rendered {
  readonly text: string;
  readonly cuts: readonly Cut[];
}

/**
 * The question with its places filled, each within its budget.
 * @throws OrreryError `prompt-invalid` when a value is missing.
 */
export function renderPrompt(prompt: Prompt, values: { readonly [place: string]: string }): Rendered {
  const fitted: { [place: string]: string } = { ...values };
  const cuts: Cut[] = [];
  for (const input of Object.keys(prompt.budgets)) {
    const { text, cut } = withinBudget(prompt.budgets, input, values[input] ?? '');
    if (cut === null) continue;
    fitted[input] = text;
    cuts.push(cut);
  }
  return { text: fillPlaces(prompt, fitted), cuts };
}

function fillPlaces(prompt: Prompt, values: { readonly [place: string]: string }): string {
  return prompt.user.replace(place, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new OrreryError(
        'prompt-invalid',
        `prompts/${prompt.name}.md asks for {{${name}}}, which this agent does not have`,
        {
          hint: `It may use: ${Object.keys(values).join(', ')}.`,
        },
      );
    }
    return value;
  });
}

/** Text from outside, as data: on one line, without a way to close the fence or to look like an evidence line. */
export function fenceText(text: string): string {
  return text
    .replace(/[`[\]\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, 400)
    .replace(/\p{Cs}$/u, '');
}
