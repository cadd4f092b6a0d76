import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { firstLineOf, OrreryError } from '../core/index.ts';
import type { EnsembleDocument } from '../ensemble/index.ts';
import type { BatchInput } from './batch-inputs.ts';

/** How one input fared. */
export type BatchResult = Pick<EnsembleDocument, 'status'> & {
  readonly costUsd: number;
  /** Why there is no output; null where there is one. */
  readonly error: string | null;
  /** A hash of what answered; null where a line does not say. */
  readonly by: string | null;
};

/** The file of a batch: a line for each input that is done. It only grows, but for a last line that was half written. */
export interface BatchRecord {
  /** What it held already, by the index of the input. */
  readonly done: ReadonlyMap<number, BatchResult>;
  add(input: BatchInput, document: EnsembleDocument): void;
  close(): void;
}

const lineShape = z.looseObject({
  index: z.int().min(0),
  inputSha256: z.string(),
  by: z.string().optional(),
  document: z.looseObject({
    ensemble: z.string(),
    status: z.enum(['completed', 'partial', 'failed']),
    usage: z.looseObject({ costUsd: z.number() }),
    error: z.looseObject({ message: z.string() }).nullish(),
  }),
});

/** As much of a document as counts. */
interface Counted extends Pick<EnsembleDocument, 'status'> {
  readonly usage: { readonly costUsd: number };
  readonly error?: { readonly message: string } | null | undefined;
}

export function resultOf({ status, usage, error }: Counted, by: string | null): BatchResult {
  return { status, costUsd: usage.costUsd, error: error?.message ?? null, by };
}

interface Batch {
  /** Absolute, and as the person named it. */
  readonly file: string;
  readonly name: string;
  readonly ensemble: string;
  /** A hash of what answers now. */
  readonly by: string;
  readonly inputs: readonly BatchInput[];
}

/**
 * Opens it, or begins it. A line whose input has changed since counts for nothing; of two for one input the later counts.
 * @throws OrreryError `usage-invalid` where it holds anything else, or cannot be written
 */
export function openBatchRecord(batch: Batch): BatchRecord {
  const descriptor = attempt(batch, () => openSync(batch.file, 'a+', 0o600));
  try {
    const done = readDone(descriptor, batch);
    return {
      done,
      add: ({ index, sha256: inputSha256 }, document) =>
        attempt(batch, () =>
          append(descriptor, `${JSON.stringify({ index, inputSha256, by: batch.by, document })}\n`),
        ),
      close: () => closeSync(descriptor),
    };
  } catch (thrown) {
    closeSync(descriptor);
    throw thrown;
  }
}

/** A disk that is full takes a part. */
function append(descriptor: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

function readDone(descriptor: number, batch: Batch): ReadonlyMap<number, BatchResult> {
  const done = new Map<number, BatchResult>();
  let number = 0;
  const { whole, rest } = eachLine(descriptor, (text) => {
    number++;
    const { index, inputSha256, by = null, document } = readLine(text, number, batch);
    if (batch.inputs[index]?.sha256 !== inputSha256) return;
    done.set(index, resultOf(document, by));
  });
  // Only the beginning of a line of ours may be cut off.
  if (!lineBegin.startsWith(rest)) throw noLine(batch.name, number + 1);
  attempt(batch, () => ftruncateSync(descriptor, whole));
  return done;
}

function readLine(text: string, number: number, { name, ensemble }: Batch): z.infer<typeof lineShape> {
  const outcome = lineShape.safeParse(parse(text));
  if (!outcome.success) throw noLine(name, number);
  const other = outcome.data.document.ensemble;
  if (other === ensemble) return outcome.data;
  throw new OrreryError('usage-invalid', `${name}:${number}: this is a result of \`${other}\``, { hint });
}

const hint = 'Give another --out; nothing was changed.';

function noLine(name: string, number: number): OrreryError {
  return new OrreryError('usage-invalid', `${name}:${number}: this is no line of a batch`, { hint });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const lineBegin = '{"index":';

/**
 * Lines that are ended, a piece of the file at a time: it may be larger than a string can be.
 * @returns where the last one ends, and how what stands behind it begins
 */
function eachLine(
  descriptor: number,
  take: (line: string) => void,
): { readonly whole: number; readonly rest: string } {
  const piece = Buffer.allocUnsafe(1 << 16);
  let parts: Buffer[] = [];
  let position = 0;
  let whole = 0;
  for (;;) {
    const length = readSync(descriptor, piece, 0, piece.length, position);
    if (length === 0) {
      return { whole, rest: Buffer.concat(parts).subarray(0, lineBegin.length).toString('latin1') };
    }
    let begin = 0;
    for (;;) {
      const end = piece.subarray(0, length).indexOf(0x0a, begin);
      if (end === -1) break;
      take(Buffer.concat([...parts, piece.subarray(begin, end)]).toString('utf8'));
      parts = [];
      begin = end + 1;
      whole = position + begin;
    }
    parts.push(Buffer.from(piece.subarray(begin, length)));
    position += length;
  }
}

function attempt<Result>({ name }: Batch, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new OrreryError('usage-invalid', `${name} cannot be written: ${firstLineOf(cause)}`, {
      hint: 'Name a file in a folder you can write to, with room on its disk; what stands in it is kept.',
      cause,
    });
  }
}
