import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { firstLineOf, isNestedDeeperThan, type JsonValue, OrreryError } from '../core/index.ts';
import { type EnsembleInput, readInput } from '../ensemble/index.ts';

export interface BatchInput {
  /** From 0, of those that are not empty. */
  readonly index: number;
  readonly input: EnsembleInput;
  /** Of its text. */
  readonly sha256: string;
}

const deepest = 200;

/**
 * One input a line: of a `.txt` file as it stands, of any other as JSON, where a string is its text. Empty lines are none.
 * @throws OrreryError `file-not-found`, `file-unreadable`, `usage-invalid` with `FILE:LINE`
 */
export function readBatchInputs(file: string, name: string): readonly BatchInput[] {
  const read = file.endsWith('.txt') ? readInput : readJsonLine;
  return readText(file, name)
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === '' ? [] : [{ line, place: `${name}:${index + 1}` }]))
    .map(({ line, place }, index) => {
      const input = read(line, place);
      return { index, input, sha256: createHash('sha256').update(input.text).digest('hex') };
    });
}

function readJsonLine(line: string, place: string): EnsembleInput {
  let value: JsonValue;
  try {
    value = JSON.parse(line) as JsonValue;
  } catch (cause) {
    throw new OrreryError('usage-invalid', `${place}: this line is not JSON: ${firstLineOf(cause)}`, {
      hint: 'Write one JSON value a line, such as "a text"; plain lines belong in a file named .txt.',
      cause,
    });
  }
  if (isNestedDeeperThan(deepest, value)) {
    throw new OrreryError('usage-invalid', `${place}: this line is nested deeper than ${deepest}`, {
      hint: 'Give it flatter.',
    });
  }
  return typeof value === 'string' ? readInput(value) : { value, text: line.trim() };
}

function readText(file: string, name: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new OrreryError(
      isAbsent ? 'file-not-found' : 'file-unreadable',
      isAbsent ? `there is no file ${name}` : `${name} cannot be read: ${firstLineOf(cause)}`,
      { hint: 'Name a file with one input a line.', cause },
    );
  }
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\ufeff/, '');
  throw new OrreryError('usage-invalid', `${name} is no text in UTF-8`, { hint: 'Save it as plain text.' });
}
