import { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import { readYaml } from '../yaml/index.ts';
import type { Schema } from './answer-schema.ts';

/** A versioned prompt: the part that never changes, the part filled in per question, and the schema of the answer. */
export interface Prompt {
  readonly name: string;
  readonly version: number;
  readonly inputs: readonly string[];
  readonly system: string;
  readonly user: string;
  readonly schema: Schema;
}

/** Texts of prompt files and their schemas by file name, as they are sealed with a run. */
export type PromptTexts = { readonly [fileName: string]: string };

const headerSchema = z.strictObject({
  version: z.int().min(1),
  inputs: z.array(z.string()),
  /** Of the answer, a file beside the prompt; a prompt that asks for free words has none. */
  schema: z.string().optional(),
});

const divider = /^<!-- *question *-->$/m;
const place = /\{\{([a-z][a-zA-Z0-9.-]*)\}\}/g;

/**
 * Reads `NAME.md`: a YAML header (`version`, `inputs`, `schema`), the constant part, a line `<!-- question -->`, and the
 * part with `{{places}}`. Models cache a constant beginning, so places may stand only after the line.
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
    hint: 'A header has version, inputs and schema.',
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
  const schema = header.schema === undefined ? {} : readSchema(header.schema, texts, fail);
  return { name, version: header.version, inputs: header.inputs, system, user, schema };
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

/**
 * The question with its places filled.
 * @throws OrreryError `prompt-invalid` when a value is missing.
 */
export function renderPrompt(prompt: Prompt, values: { readonly [place: string]: string }): string {
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
