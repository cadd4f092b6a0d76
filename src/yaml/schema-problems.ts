import { z } from 'zod';
import { nearestWord, type OrreryError } from '../core/index.ts';
import { refusalIn } from './refusal.ts';

/** One thing a value has wrong, in words; where it stands is the caller's to find from `path`. */
export interface SchemaProblem {
  readonly path: readonly PropertyKey[];
  /** The key in the map at `path` that is itself the problem, because nobody knows it or it is no such name. */
  readonly wrongKey: string | null;
  readonly message: string;
  readonly hint: string | null;
  /** An error of the schema's own checks, whose code wins over the file's. */
  readonly refusal: OrreryError | null;
}

export type SchemaOutcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'wrong'; readonly problems: readonly SchemaProblem[] };

/**
 * What `schema` makes of `value`. A field's description (`.describe('a number > 0')`) is what the message says was
 * expected, so every leaf of a schema for people should have one.
 */
export function applySchema<T>(schema: z.ZodType<T>, value: unknown): SchemaOutcome<T> {
  const knownKeys = new Map<string, readonly string[]>();
  const outcome = schema.safeParse(value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
        knownKeys.set(pathText(issue.path ?? []), Object.keys(issue.inst.shape));
        return undefined;
      }
      return describe(issue);
    },
  });
  if (outcome.success) return { kind: 'ok', value: outcome.data };
  return { kind: 'wrong', problems: outcome.error.issues.flatMap((issue) => problemsOf(issue, knownKeys)) };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  knownKeys: ReadonlyMap<string, readonly string[]>,
): SchemaProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys.get(pathText(path)) ?? [];
    return issue.keys.map((key) => unknownKeyProblem(path, key, known));
  }
  const refusal = issue.code === 'custom' ? refusalIn(issue.params) : null;
  const named = path.length > 0 && refusal === null;
  const message = named ? `\`${pathText(path)}\`${joint(issue.message)}${issue.message}` : issue.message;
  if (issue.code === 'invalid_key') {
    return [{ path: path.slice(0, -1), wrongKey: String(path.at(-1)), message, hint: null, refusal: null }];
  }
  return [{ path, wrongKey: null, message, hint: refusal?.hint ?? null, refusal }];
}

function joint(message: string): string {
  return message.startsWith('is ') ? ' ' : ': ';
}

function unknownKeyProblem(
  path: readonly PropertyKey[],
  key: string,
  known: readonly string[],
): SchemaProblem {
  const nearest = nearestWord(key, known);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  const place = path.length === 0 ? '' : ` in \`${pathText(path)}\``;
  return {
    path,
    wrongKey: key,
    message: `unknown key ${quoted(key)}${place}${suggestion}`,
    hint: known.length === 0 ? null : `Valid keys here: ${known.join(', ')}.`,
    refusal: null,
  };
}

function describe(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'not a valid key';
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return describeChoice(issue);
  const expected = expectation(issue);
  if (issue.input === undefined) return `is missing; expected ${expected}`;
  const { input } = issue;
  const nearest =
    issue.code === 'invalid_value' && typeof input === 'string'
      ? nearestWord(input, issue.values.map(String))
      : null;
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  return `expected ${expected}, got ${shown(input, issue.path ?? [])}${suggestion || quotesAdvice(issue)}`;
}

/** The key that says which of several shapes is meant is none that is known. */
function describeChoice(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  const { discriminator = '', options = [] } = issue as { discriminator?: string; options?: unknown[] };
  const values = options.map(String);
  const given = (issue.input as { readonly [key: string]: unknown })[discriminator];
  const expected = `one of ${values.join(', ')}`;
  if (given === undefined) return `is missing; expected ${expected}`;
  const nearest = typeof given === 'string' ? nearestWord(given, values) : null;
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  return `expected ${expected}, got ${shown(given, issue.path ?? [])}${suggestion}`;
}

function expectation(issue: z.core.$ZodRawIssue): string {
  const owner = issue.schema ?? (issue.inst instanceof z.ZodType ? issue.inst : undefined);
  const description = owner && z.globalRegistry.get(owner)?.description;
  if (description !== undefined) return description;
  if (issue.code === 'invalid_value') {
    return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
  }
  return issue.code === 'invalid_type' ? (typeNames[issue.expected] ?? issue.expected) : 'another value';
}

const typeNames: { readonly [type: string]: string } = {
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** YAML reads 600519 as a number and TRUE as a truth value where a person meant a symbol. */
function quotesAdvice(issue: z.core.$ZodRawIssue): string {
  const meantText = issue.code === 'invalid_type' && issue.expected === 'string';
  return meantText && (typeof issue.input === 'number' || typeof issue.input === 'boolean')
    ? '; write it in quotes'
    : '';
}

const longestShown = 40;

function shown(input: unknown, path: readonly PropertyKey[]): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return `a list of ${input.length}`;
  if (typeof input === 'object') return 'keys with values';
  if (typeof input !== 'string') return String(input);
  // Somebody who pastes a key into the wrong place must not find it again in a log.
  if (path.some((key) => /key|token|secret|pass|url/i.test(String(key)))) return 'some other text';
  return JSON.stringify(input.length > longestShown ? `${input.slice(0, longestShown)}…` : input);
}

function quoted(key: string): string {
  const short = key.length > longestShown ? `${key.slice(0, longestShown)}…` : key;
  return `\`${short}\``;
}

/** `agents[1].every` */
function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    text += typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key)}`;
  }
  return text;
}
