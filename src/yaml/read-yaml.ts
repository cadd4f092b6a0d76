import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import { shapeError } from './check-shape.ts';
import { applySchema, type SchemaProblem } from './schema-problems.ts';
import { parseTree, type YamlTree } from './yaml-tree.ts';

export interface YamlFileRequest<T> {
  /** Path as the user wrote it; every message begins with it. */
  readonly file: string;
  readonly schema: z.ZodType<T>;
  readonly code: 'desk-invalid' | 'ensemble-invalid' | 'configuration-invalid' | 'prompt-invalid';
  /** What to do about problems that do not say it themselves, e.g. the page that lists the keys. */
  readonly hint: string;
}

export interface YamlRequest<T> extends YamlFileRequest<T> {
  readonly text: string;
}

/** Files people write by hand are a few kilobytes. */
const mostBytes = 1_000_000;

/**
 * Turns one YAML document into what `schema` makes of it; an empty one is null to the schema.
 * @throws OrreryError `code` (or that of the schema's own refusal) with `FILE:LINE:COLUMN: what is wrong` in one line;
 * further problems are counted as `(+N more)`.
 */
export function readYaml<T>({ text, file, schema, code, hint }: YamlRequest<T>): T {
  const refuse = (place: string, message: string) =>
    new OrreryError(code, `${file}:${place}: ${message}`, { hint });
  if (text.length > mostBytes) throw refuse('1:1', tooLarge);
  const foreign = firstForeignCharacter(text);
  if (foreign !== null) throw refuse(foreign, 'not a text file in UTF-8; save it as plain text');
  const tree = parseTree(text);
  const [problem] = tree.problems;
  if (problem !== undefined) {
    const more = tree.problems.length === 1 ? '' : ` (+${tree.problems.length - 1} more)`;
    throw refuse(tree.lineAndColumn(problem.offset), problem.message + more);
  }
  const outcome = applySchema(schema, tree.value);
  if (outcome.kind === 'ok') return outcome.value;
  if (tree.value === null) throw refuse('1:1', 'the file is empty');
  throw shapeError(inReadingOrder(outcome.problems, tree), {
    code,
    hint,
    placeOf: (wrong) => `${file}:${tree.lineAndColumn(offsetOf(wrong, tree))}`,
  });
}

/**
 * {@link readYaml} on a file.
 * @throws OrreryError also `file-not-found` and `file-unreadable`
 */
export function readYamlFile<T>(request: YamlFileRequest<T>): T {
  return readYaml({ ...request, text: readYamlText(request) });
}

const tooLarge = `larger than ${mostBytes / 1_000_000} MB; a file of this kind is a few kilobytes`;

/**
 * The text of a YAML file, for whoever keeps it.
 * @throws OrreryError `file-not-found`, `file-unreadable`, or `code` for a file that is far too large
 */
export function readYamlText({ file, code, hint }: Omit<YamlFileRequest<unknown>, 'schema'>): string {
  try {
    const status = statSync(file);
    if (!status.isFile()) {
      const kind = status.isDirectory() ? 'a folder' : 'not a regular file';
      throw new OrreryError('file-unreadable', `${file} is ${kind}`, { hint: 'Name a YAML file.' });
    }
    if (status.size > mostBytes) throw new OrreryError(code, `${file}:1:1: ${tooLarge}`, { hint });
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof OrreryError) throw thrown;
    throw unreadable(file, thrown);
  }
}

function unreadable(file: string, cause: unknown): OrreryError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new OrreryError('file-not-found', `${file} does not exist`, { hint: 'Check the path.', cause });
  }
  const reason = typeof code === 'string' ? code : 'unknown reason';
  return new OrreryError('file-unreadable', `${file} cannot be read (${reason})`, {
    hint: 'Check that you may read it.',
    cause,
  });
}

/** `LINE:COLUMN` of a control character, or of the sign that decoding puts where bytes are no UTF-8. */
function firstForeignCharacter(text: string): string | null {
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const control = code < 32 && code !== 9 && code !== 10 && code !== 13;
    if (control || code === 127 || code === 0xfffd) return `${line}:${index - lineStart + 1}`;
    if (code === 10) {
      line++;
      lineStart = index + 1;
    }
  }
  return null;
}

function offsetOf(problem: SchemaProblem, tree: YamlTree): number {
  return problem.wrongKey === null
    ? tree.offsetOf(problem.path)
    : tree.offsetOfKey(problem.path, problem.wrongKey);
}

/** Wrong keys first, since a misspelt one is often why another is missing; then as they stand in the file. */
function inReadingOrder(problems: readonly SchemaProblem[], tree: YamlTree): SchemaProblem[] {
  const rank = (problem: SchemaProblem) => (problem.wrongKey === null ? 1 : 0);
  return problems
    .map((problem) => ({ problem, offset: offsetOf(problem, tree) }))
    .sort((a, b) => rank(a.problem) - rank(b.problem) || a.offset - b.offset)
    .map(({ problem }) => problem);
}
