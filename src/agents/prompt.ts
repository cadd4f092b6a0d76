import { z } from 'zod';
import { nearestWord, OrreryError } from '../core/index.ts';
import { fitSection, leastSectionTokens } from '../llm/index.ts';
import { readYaml } from '../yaml/index.ts';
import type { Schema } from './answer-schema.ts';

/** A versioned prompt: the part that never changes, the part filled in per question, and the schema of the answer. */
export interface Prompt {
  readonly name: string;
  readonly version: number;
  readonly inputs: readonly string[];
  /** Tokens that an input takes at most in the question, in the worst case; one that is not named has no limit. */
  readonly budgets: { readonly [input: string]: number };
  readonly system: string;
  readonly user: string;
  readonly schema: Schema;
}

/** Texts of prompt files and their schemas by file name, as they are sealed with a run. */
export type PromptTexts = { readonly [fileName: string]: string };

const headerSchema = z.strictObject({
  version: z.int().min(1),
  inputs: z.array(z.string()),
  budgets: z
    .record(z.string(), z.int().min(leastSectionTokens).describe(`whole tokens ≥ ${leastSectionTokens}`))
    .default({}),
  /** Of the answer, a file beside the prompt; a prompt that asks for free words has none. */
  schema: z.string().optional(),
});

const divider = /^<!-- *question *-->$/m;
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
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (match === null) throw fail('it needs a YAML header between two lines of ---');
  const header = readYaml({
    text: match[1]!,
    file: `prompts/${file}`,
    schema: headerSchema,
    code: 'prompt-invalid',
    hint: 'A header has version, inputs, budgets and schema.',
  });
  const parts = match[2]!.split(divider);
  if (parts.length !== 2)
    throw fail('it needs one line <!-- question --> between the constant part and the question');
  const [system, user] = [parts[0]!.trim(), parts[1]!.trim()];
  if (system.search(place) >= 0) throw fail('the part above <!-- question --> may have no {{places}}');
  const places = [...user.matchAll(place)].map((found) => found[1]!);
  const unknown = places.find((found) => !header.inputs.includes(found));
  if (unknown !== undefined) throw fail(`{{${unknown}}} is not among the header's inputs`);
  const unused = header.inputs.find((input) => !places.includes(input));
  if (unused !== undefined) throw fail(`the input ${unused} is never used`);
  for (const input of Object.keys(header.budgets)) checkBudgeted(input, header.inputs, fail);
  const schema = header.schema === undefined ? {} : readSchema(header.schema, texts, fail);
  const { version, inputs, budgets } = header;
  return { name, version, inputs, budgets, system, user, schema };
}

function checkBudgeted(input: string, inputs: readonly string[], fail: (why: string) => OrreryError): void {
  if (inputs.includes(input)) return;
  const nearest = nearestWord(input, inputs);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  throw fail(`\`budgets\` names \`${input}\`, which is not among the header's inputs${suggestion}`);
}

function readSchema(file: string, texts: PromptTexts, fail: (why: string) => OrreryError): Schema {
  const text = texts[file];
  if (text === undefined) throw fail(`its schema ${file} is missing`);
  try {
    return JSON.parse(text) as Schema;
  } catch (thrown) {
    throw fail(
      `its schema ${file} is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** An input that did not fit its budget of `tokens`: `leftOut` of its `lines`, the last ones, are not in the question. */
export interface Cut {
  readonly input: string;
  readonly tokens: number;
  readonly lines: number;
  readonly leftOut: number;
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
  for (const [input, tokens] of Object.entries(prompt.budgets)) {
    const { text, lines, leftOut } = fitSection(values[input] ?? '', tokens);
    if (leftOut === 0) continue;
    fitted[input] = text;
    cuts.push({ input, tokens, lines, leftOut });
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
