import { basename, dirname, join } from 'node:path';
import { type JsonValue, OrreryError } from '../core/index.ts';
import {
  compileTemplate,
  type EnsembleFiles,
  type Scope,
  type Surroundings,
  type Template,
} from '../ensemble/index.ts';
import {
  type Cut,
  checkBudgeted,
  type JsonSchema,
  loosePromptHeader,
  parseSchemaFile,
  readAnswerSchema,
  readPromptFile,
  type SectionBudgets,
  withinBudget,
} from '../llm/index.ts';

/** What an agent asks, whatever its turn. */
export interface LlmPrompt {
  /** What never changes; null for none. */
  readonly system: string | null;
  readonly question: Template;
  readonly budgets: SectionBudgets;
  /** Null for free words. */
  readonly schema: JsonSchema | null;
}

/** Where an agent's question stands: in a file, or in the ensemble itself. */
export interface PromptSettings {
  readonly prompt?: string | undefined;
  readonly question?: string | undefined;
  readonly system?: string | undefined;
  /** A path, or the schema itself. */
  readonly schema?: string | { readonly [keyword: string]: JsonValue } | undefined;
}

type Fail = (why: string, hint?: string) => OrreryError;

const usualHint = 'docs/ensemble-llm.md shows a prompt that works.';

/**
 * Reads and checks a prompt and its schema. A schema that the agent names wins over the prompt's own.
 * @throws OrreryError `ensemble-invalid`, `prompt-invalid`, `file-not-found`, `file-unreadable`
 */
export function openPrompt(settings: PromptSettings, { files, dependsOn }: Surroundings): LlmPrompt {
  const { prompt, question, system, schema } = settings;
  const fail: Fail = (why, hint = usualHint) =>
    new OrreryError('prompt-invalid', `${prompt ?? 'question'}: ${why}`, { hint });
  if ((prompt === undefined) === (question === undefined)) {
    const both = prompt === undefined ? 'neither `prompt` nor `question`' : '`prompt` and `question` both';
    throw new OrreryError('ensemble-invalid', `it has ${both}`, {
      hint: 'Give it a file in `prompt`, or the text itself in `question`.',
    });
  }
  if (prompt !== undefined && system !== undefined) {
    throw new OrreryError('ensemble-invalid', '`system` stands beside `prompt`', {
      hint: "Write it into the prompt's file, above a line <!-- question -->.",
    });
  }
  const read = prompt === undefined ? null : readLoosePrompt(prompt, files, fail);
  const compiled = compileTemplate(read?.question ?? question ?? '', dependsOn);
  const { inputs, budgets = {}, schema: named } = read?.header ?? {};
  checkQuestion(compiled, read === null ? (system ?? null) : read.system, fail);
  if (inputs !== undefined) checkInputs(inputs, compiled.places, fail);
  checkBudgeted(budgets, compiled.places, 'the places of the question', fail);
  const own = schema === undefined ? null : ownSchema(schema, files, fail);
  return {
    system: nonEmpty(read === null ? system : read.system),
    question: compiled,
    budgets,
    schema: own ?? (named === undefined ? null : schemaBeside(prompt!, named, files, fail)),
  };
}

function readLoosePrompt(path: string, files: EnsembleFiles, fail: Fail) {
  return readPromptFile({ file: path, text: files.read(path), header: loosePromptHeader, fail });
}

function checkQuestion({ text }: Template, system: string | null, fail: Fail): void {
  if (text.trim() === '') throw fail('it asks nothing');
  if (/\{\{[^{}]*\}\}/.test(system ?? '')) throw fail('the constant part may have no {{places}}');
}

function nonEmpty(text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : text.trim();
}

/** An input is the beginning of a place, down to any dot: `input` of `input.title`, `agents.reader` of `agents.reader.score`. */
function checkInputs(inputs: readonly string[], places: readonly string[], fail: Fail): void {
  const covers = (input: string, place: string) => place === input || place.startsWith(`${input}.`);
  const unknown = places.find((place) => !inputs.some((input) => covers(input, place)));
  if (unknown !== undefined) throw fail(`{{${unknown}}} is not among the header's inputs`);
  const unused = inputs.find((input) => !places.some((place) => covers(input, place)));
  if (unused !== undefined) throw fail(`the input ${unused} is never used`);
}

function ownSchema(
  schema: NonNullable<PromptSettings['schema']>,
  files: EnsembleFiles,
  fail: Fail,
): JsonSchema {
  if (typeof schema === 'string') return schemaIn(schema, files, fail);
  return readAnswerSchema({ where: 'schema', value: schema });
}

/** A schema that a prompt's header names lies beside the prompt, or where any file of the ensemble may. */
function schemaBeside(prompt: string, schema: string, files: EnsembleFiles, fail: Fail): JsonSchema {
  const beside = join(dirname(prompt), schema);
  return schemaIn(files.find(beside) === null ? schema : beside, files, fail);
}

function schemaIn(path: string, files: EnsembleFiles, fail: Fail): JsonSchema {
  const hint = 'A schema is one JSON document; docs/ensemble-llm.md lists the keywords it may use.';
  const value = parseSchemaFile(basename(path), files.read(path), (why) => fail(why, hint));
  return readAnswerSchema({ where: path, value });
}

/** A question in words, and what its budgets left out of it. */
export interface FilledQuestion {
  readonly text: string;
  readonly cuts: readonly Cut[];
}

/** @throws OrreryError `agent-failed` where a place leads into nothing */
export function fillQuestion({ question, budgets }: LlmPrompt, scope: Scope): FilledQuestion {
  const cuts = new Map<string, Cut>();
  const text = question.fill(scope, (place, words) => {
    const section = withinBudget(budgets, place, words);
    if (section.cut !== null) cuts.set(place, section.cut);
    return section.text;
  });
  return { text, cuts: [...cuts.values()] };
}
