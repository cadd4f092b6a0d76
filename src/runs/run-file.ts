import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import { checkRunId } from './run-id.ts';

// A run as one file: gzip over lines of JSON. The first says what it is, the last has the SHA-256 of all bytes before
// it, and each between is an object of one key, which names what its value is a row of.

/** Raised when a file could be misread by a version that knows the number before. */
const format = 1;

/** Of rows and pieces of candles: a hundred times what a year of minutes makes. */
const mostLines = 20_000_000;
/** A file of each instrument. */
const mostFiles = 10_000;

const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const word = z.string().max(500);
const packedData = z.object({ symbol: word, sha256: hash, name: word, bytes: count });

const headShape = z.object({
  orrery: z.literal('run'),
  format: z.literal(format),
  version: word,
  run: word.refine((run) => checkRunId(run) === run),
  desk: z.string(),
  hash,
  /** How many lines of each key follow, candles apart. */
  rows: z.record(word, count.max(mostLines)),
  /** The files of candles that are packed in it. */
  data: z
    .array(packedData)
    .max(mostFiles)
    .refine((data) => new Set(data.map(({ symbol }) => symbol)).size === data.length),
});
const endShape = z.object({ end: z.object({ sha256: hash, lines: count }) });

export type RunFileHead = Omit<z.infer<typeof headShape>, 'orrery' | 'format'>;
/** One of {@link RunFileHead}'s. */
export type PackedData = z.infer<typeof packedData>;

/** Any line but first and last. */
export interface RunFileLine {
  readonly key: string;
  readonly value: unknown;
}

/** One that was read. */
export interface NumberedLine extends RunFileLine {
  /** In the file, from 1. */
  readonly number: number;
}

/**
 * Writes beside and moves into place, so that nobody finds half a file. As private as the database.
 * @returns the SHA-256 that the last line has
 */
export async function writeRunFile(
  file: string,
  head: RunFileHead,
  lines: AsyncIterable<RunFileLine>,
): Promise<string> {
  const part = `${file}.part`;
  const sum = createHash('sha256');
  const text = async function* () {
    let written = 0;
    for await (const piece of gathered(jsonLines(head, lines))) {
      written += piece.lines;
      sum.update(piece.text);
      yield piece.text;
    }
    yield `${JSON.stringify({ end: { sha256: sum.copy().digest('hex'), lines: written } })}\n`;
  };
  try {
    await rm(part, { force: true });
    await pipeline(text, createGzip(), createWriteStream(part, { flags: 'wx', mode: 0o600 }));
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown instanceof OrreryError ? thrown : unwritable(file, thrown);
  }
  return sum.digest('hex');
}

async function* jsonLines(head: RunFileHead, lines: AsyncIterable<RunFileLine>): AsyncGenerator<string> {
  yield `${JSON.stringify({ orrery: 'run', format, ...head })}\n`;
  for await (const { key, value } of lines) yield `${JSON.stringify({ [key]: value })}\n`;
}

/** Thousands of short lines each on its own would keep the compressor waiting. */
async function* gathered(lines: AsyncIterable<string>): AsyncGenerator<{ text: string; lines: number }> {
  let gathering = { text: '', lines: 0 };
  for await (const line of lines) {
    gathering = { text: gathering.text + line, lines: gathering.lines + 1 };
    if (gathering.text.length < 65_536) continue;
    yield gathering;
    gathering = { text: '', lines: 0 };
  }
  yield gathering;
}

/** A run's file while it is read: `lines` throws in the end when what was read is not what was written. */
export interface RunFile {
  readonly head: RunFileHead;
  readonly lines: AsyncIterable<NumberedLine>;
  readonly budget: UnpackBudget;
}

/**
 * How much a file may unpack to, by what was read of it so far. A run packs to a quarter or a twentieth; a file made to
 * exhaust memory or time, to a thousandth.
 */
export interface UnpackBudget {
  left(): number;
  /** @throws OrreryError `run-file-invalid` when it is used up */
  spend(bytes: number): void;
}

const freeBytes = 64 * 1024 * 1024;
const bytesPerPackedByte = 100;

/** `packedBytes` says how many bytes were read so far. */
function createUnpackBudget(file: string, packedBytes: () => number): UnpackBudget {
  let spent = 0;
  const left = () => freeBytes + bytesPerPackedByte * packedBytes() - spent;
  return {
    left,
    spend(bytes) {
      spent += bytes;
      if (left() < 0) throw damaged(file, 'it unpacks to far more than a run does');
    },
  };
}

/**
 * Reads it for the time of `work`, which must not believe a line before it has seen the last.
 * @throws OrreryError `run-file-invalid` for what is no such file, or not whole; `file-not-found`, `file-unreadable`
 */
export async function readRunFile<Result>(
  file: string,
  work: (content: RunFile) => Promise<Result>,
): Promise<Result> {
  const packed = createReadStream(file);
  const budget = createUnpackBudget(file, () => packed.bytesRead);
  const lines = wholeLines(file, splitLines(file, packed, budget));
  try {
    const first = await lines.next();
    const head = headOf(file, first.done === true ? null : first.value.value);
    return await work({ head, lines: checked(file, lines), budget });
  } finally {
    await lines.return(undefined);
  }
}

function headOf(file: string, line: unknown): RunFileHead {
  const marked = z.looseObject({ orrery: z.literal('run'), format: z.number() }).safeParse(line);
  if (!marked.success) throw noRunFile(file, marked.error);
  if (marked.data.format !== format) {
    throw new OrreryError(
      'run-file-invalid',
      `${file} has format ${marked.data.format}, this version reads ${format}`,
      { hint: 'Import it with the version of Orrery that exported it, or a later one.' },
    );
  }
  const head = safely(file, () => headShape.parse(line));
  const { orrery: _, format: __, ...rest } = head;
  return rest;
}

async function* checked(file: string, lines: AsyncIterable<ParsedLine>): AsyncGenerator<NumberedLine> {
  for await (const { value: line, number } of lines) {
    const [key, value] = onlyEntry(line) ?? [];
    if (key === undefined) throw damagedLine(file, number, 'it is no row');
    if (key === 'end') throw damaged(file, 'it goes on behind its end');
    yield { key, value, number };
  }
}

function onlyEntry(line: unknown): readonly [string, unknown] | null {
  if (typeof line !== 'object' || line === null || Array.isArray(line)) return null;
  const [entry, another] = Object.entries(line);
  return entry === undefined || another !== undefined ? null : entry;
}

interface ParsedLine {
  readonly value: unknown;
  readonly number: number;
}

/** What the lines say, the last apart, which must fit them. */
async function* wholeLines(
  file: string,
  split: AsyncIterable<Buffer>,
): AsyncGenerator<ParsedLine, void, undefined> {
  const sum = createHash('sha256');
  let before: Buffer | null = null;
  let lines = 0;
  for await (const line of split) {
    if (before !== null) {
      sum.update(before).update('\n');
      lines += 1;
      if (lines > mostLines) throw damaged(file, `it has more than ${mostLines} lines`);
      yield { value: parsed(file, before, lines), number: lines };
    }
    before = line;
  }
  const end = endShape.safeParse(before === null ? null : parsed(file, before, lines + 1));
  if (!end.success) throw lines === 0 ? noRunFile(file, end.error) : cutOff(file, end.error);
  if (end.data.end.lines !== lines || end.data.end.sha256 !== sum.digest('hex')) {
    throw damaged(file, 'its SHA-256 does not fit');
  }
}

function parsed(file: string, line: Buffer, number: number): unknown {
  try {
    return JSON.parse(line.toString());
  } catch (thrown) {
    throw number === 1 ? noRunFile(file, thrown) : damagedLine(file, number, 'it is no JSON', thrown);
  }
}

/** No row is nearly as long; a file made to exhaust the memory could have such a line. */
const mostLineBytes = 64 * 1024 * 1024;
const newline = 10;

async function* splitLines(file: string, packed: ReadStream, budget: UnpackBudget): AsyncGenerator<Buffer> {
  const text = createGunzip();
  packed.on('error', (error) => text.destroy(error)).pipe(text);
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  try {
    for await (const piece of text as AsyncIterable<Buffer>) {
      budget.spend(piece.length);
      let start = 0;
      for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, start)) {
        yield Buffer.concat([...waiting, piece.subarray(start, at)]);
        start = at + 1;
        waiting = [];
        waitingBytes = 0;
      }
      waiting.push(piece.subarray(start));
      waitingBytes += piece.length - start;
      if (waitingBytes > mostLineBytes) throw damaged(file, 'a line of it is longer than any of a run');
    }
  } catch (thrown) {
    throw translate(file, thrown);
  } finally {
    packed.destroy();
    text.destroy();
  }
  if (waitingBytes > 0) throw cutOff(file);
}

/** What stands in the file is a stranger's: whatever it makes us stumble over is a fault of the file. */
function safely<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw damaged(file, 'it holds what no run has', thrown);
  }
}

export function damaged(file: string, what: string, cause?: unknown): OrreryError {
  return new OrreryError('run-file-invalid', `${file} is damaged: ${what}`, {
    hint: 'Copy it anew from where it was exported; nothing of it was kept.',
    cause,
  });
}

/** `number` counts the file's lines from 1. */
export function damagedLine(file: string, number: number, what: string, cause?: unknown): OrreryError {
  return damaged(file, `line ${number} holds what no run has: ${what}`, cause);
}

function cutOff(file: string, cause?: unknown): OrreryError {
  return new OrreryError('run-file-invalid', `${file} is cut off: its end is missing`, {
    hint: 'Copy it anew from where it was exported; nothing of it was kept.',
    cause,
  });
}

function noRunFile(file: string, cause: unknown): OrreryError {
  return new OrreryError('run-file-invalid', `${file} is not a run that was exported`, {
    hint: 'Such a file is written by: orrery runs export RUN',
    cause,
  });
}

function translate(file: string, thrown: unknown): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'Z_BUF_ERROR') return cutOff(file, thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (message === 'incorrect header check') return noRunFile(file, thrown);
  if (code.startsWith('Z_')) return damaged(file, message, thrown);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new OrreryError('file-not-found', `${file} does not exist`, {
      hint: 'Check the path; `orrery runs export RUN` says where it wrote its file.',
      cause: thrown,
    });
  }
  return new OrreryError('file-unreadable', `${file} cannot be read: ${code || message}`, {
    hint: 'Name the file that `orrery runs export RUN` wrote.',
    cause: thrown,
  });
}

function unwritable(file: string, thrown: unknown): OrreryError {
  const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  return new OrreryError('usage-invalid', `${file} cannot be written: ${reason}`, {
    hint: 'Name a file in a folder you can write to.',
    cause: thrown,
  });
}
