import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
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

const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const packedData = z.object({ symbol: z.string(), sha256: hash, name: z.string(), bytes: count });

const headShape = z.object({
  orrery: z.literal('run'),
  format: z.literal(format),
  version: z.string(),
  run: z.string().refine((run) => checkRunId(run) === run),
  desk: z.string(),
  hash,
  /** How many lines of each key follow, candles apart. */
  rows: z.record(z.string(), count),
  /** The files of candles that are packed in it. */
  data: z.array(packedData),
});
const endShape = z.object({ end: z.object({ sha256: hash, lines: count }) });
const lineShape = z.record(z.string(), z.unknown()).refine((line) => Object.keys(line).length === 1);

export type RunFileHead = Omit<z.infer<typeof headShape>, 'orrery' | 'format'>;
/** One of {@link RunFileHead}'s. */
export type PackedData = z.infer<typeof packedData>;

/** Any line but first and last. */
export interface RunFileLine {
  readonly key: string;
  readonly value: unknown;
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
  readonly lines: AsyncIterable<RunFileLine>;
}

/**
 * Reads it for the time of `work`, which must not believe a line before it has seen the last.
 * @throws OrreryError `run-file-invalid` for what is no such file, or not whole; `file-not-found`, `file-unreadable`
 */
export async function readRunFile<Result>(
  file: string,
  work: (content: RunFile) => Promise<Result>,
): Promise<Result> {
  const lines = wholeLines(file);
  try {
    const first = await lines.next();
    const head = headOf(file, first.done === true ? null : first.value);
    return await work({ head, lines: checked(file, head, lines) });
  } finally {
    await lines.return(undefined);
  }
}

/** Reads all of it once, and keeps nothing. @throws OrreryError what {@link readRunFile} throws */
export async function checkRunFile(file: string): Promise<RunFileHead> {
  return readRunFile(file, async ({ head, lines }) => {
    for await (const _ of lines);
    return head;
  });
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

async function* checked(
  file: string,
  head: RunFileHead,
  lines: AsyncIterable<unknown>,
): AsyncGenerator<RunFileLine> {
  const left = new Map(Object.entries(head.rows));
  for await (const line of lines) {
    const [[key, value] = []] = Object.entries(safely(file, () => lineShape.parse(line)));
    if (key === undefined || key === 'end') throw damaged(file, 'it goes on behind its end');
    if (left.has(key)) left.set(key, left.get(key)! - 1);
    yield { key, value };
  }
  if ([...left.values()].some((rows) => rows !== 0)) throw damaged(file, 'rows are missing');
}

/** What the lines say, the last apart, which must fit them. */
async function* wholeLines(file: string): AsyncGenerator<unknown, void, undefined> {
  const sum = createHash('sha256');
  let before: Buffer | null = null;
  let lines = 0;
  for await (const line of splitLines(file)) {
    if (before !== null) {
      sum.update(before).update('\n');
      lines += 1;
      yield parsed(file, before, lines);
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
    throw number === 1 ? noRunFile(file, thrown) : damaged(file, `line ${number} is no JSON`, thrown);
  }
}

/** No row is nearly as long; a file made to exhaust the memory could have such a line. */
const mostLineBytes = 128 * 1024 * 1024;
const newline = 10;

async function* splitLines(file: string): AsyncGenerator<Buffer> {
  const packed = createReadStream(file);
  const text = createGunzip();
  packed.on('error', (error) => text.destroy(error)).pipe(text);
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  try {
    for await (const piece of text as AsyncIterable<Buffer>) {
      let start = 0;
      for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, start)) {
        yield Buffer.concat([...waiting, piece.subarray(start, at)]);
        start = at + 1;
        waiting = [];
        waitingBytes = 0;
      }
      waiting.push(piece.subarray(start));
      waitingBytes += piece.length - start;
      if (waitingBytes > mostLineBytes) throw damaged(file, 'a line of it has no end');
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
