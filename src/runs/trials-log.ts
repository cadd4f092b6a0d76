import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Market, Trials } from '../engine/index.ts';
import { makeStateFolder } from '../storage/index.ts';

/** One variant that was tried: equal ones count once, alone or in a sweep. */
export interface Trial {
  /** By {@link variantKey}. */
  readonly variant: string;
  /** Per day. */
  readonly sharpe: number;
}

/** Remembers every variant that was tested on some candles: the best of many has to be judged as that. */
export interface TrialsLog {
  /**
   * Notes trials.
   * @param batch names them together, when there are many
   * @returns all that are known on the same candles, these included
   */
  note(data: string, trials: readonly Trial[], batch?: string): Trials;
}

/** Trials as lines of JSON in the state folder; lines that cannot be read count for nothing. */
export function openTrialsLog(home: string): TrialsLog {
  const file = join(home, 'trials.jsonl');
  return {
    note(data, trials, batch) {
      const { single, summed } = readTrials(file, data);
      const added = trials.filter(({ variant }) => !single.has(variant));
      const known = batch !== undefined && summed.has(batch);
      if (added.length > 0 || known) {
        makeStateFolder(home);
        appendFileSync(file, `${JSON.stringify(lineOf(data, added, batch))}\n`, { mode: 0o600 });
      }
      for (const { variant, sharpe } of added) single.set(variant, sharpe);
      if (batch !== undefined) summed.delete(batch);
      return together([...summed.values(), momentsOf([...single.values()])]);
    },
  };
}

/** Names the candles that were tested on, by their times and closes: the same candles from another file are no others. */
export function dataKey(markets: readonly Market[]): string {
  const parts = markets.map(({ series: { openTime, close } }) => {
    const hash = createHash('sha256');
    for (const column of [openTime, close]) {
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    }
    return hash.digest('hex');
  });
  return digest(parts.sort());
}

/** Names a variant by everything that makes it different from another. */
export function variantKey(settings: object): string {
  return digest(settings);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** Several Sharpes by their moments. */
interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of their squared distances from the mean. */
  readonly squares: number;
}

interface Line extends Moments {
  readonly data: string;
  readonly variant: string;
  /** Key and Sharpe of each of several; earlier versions wrote their moments alone. */
  readonly packed?: string;
}

function lineOf(data: string, trials: readonly Trial[], batch: string | undefined): Line {
  const moments = momentsOf(trials.map(({ sharpe }) => sharpe));
  if (batch === undefined) return { data, variant: trials[0]!.variant, ...moments };
  return { data, variant: batch, ...moments, packed: pack(trials) };
}

function momentsOf(sharpes: readonly number[]): Moments {
  const count = sharpes.length;
  const mean = count === 0 ? 0 : sharpes.reduce((sum, sharpe) => sum + sharpe, 0) / count;
  return { count, mean, squares: sharpes.reduce((sum, sharpe) => sum + (sharpe - mean) ** 2, 0) };
}

/** Means and squares of parts taken together: Chan, Golub & LeVeque (1979). */
function together(parts: readonly Moments[]): Trials {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const part of parts) {
    if (part.count === 0) continue;
    const distance = part.mean - mean;
    const total = count + part.count;
    squares += part.squares + distance ** 2 * ((count * part.count) / total);
    mean += (distance * part.count) / total;
    count = total;
  }
  return { count, sharpeVariance: count < 2 ? 0 : squares / (count - 1) };
}

/** A key and a Sharpe of 8 bytes each. */
const packedBytes = 16;

function pack(trials: readonly Trial[]): string {
  const bytes = Buffer.alloc(trials.length * packedBytes);
  trials.forEach(({ variant, sharpe }, at) => {
    bytes.write(variant, at * packedBytes, 'hex');
    bytes.writeDoubleLE(sharpe, at * packedBytes + 8);
  });
  return bytes.toString('base64');
}

function unpack(packed: string): readonly Trial[] {
  const bytes = Buffer.from(packed, 'base64');
  return Array.from({ length: Math.floor(bytes.length / packedBytes) }, (_, at) => ({
    variant: bytes.toString('hex', at * packedBytes, at * packedBytes + 8),
    sharpe: bytes.readDoubleLE(at * packedBytes + 8),
  }));
}

/** Sharpes by variant, and moments by the batch whose members are not known. */
interface Known {
  readonly single: Map<string, number>;
  readonly summed: Map<string, Moments>;
}

function readTrials(file: string, data: string): Known {
  const known: Known = { single: new Map(), summed: new Map() };
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return known;
  }
  for (const line of text.split('\n')) addLine(known, data, line);
  return known;
}

function addLine({ single, summed }: Known, data: string, text: string): void {
  const line = parsed(text);
  if (line?.data !== data) return;
  const { variant, count, mean, packed } = line;
  if (typeof packed === 'string') {
    summed.delete(variant);
    for (const one of unpack(packed)) if (Number.isFinite(one.sharpe)) single.set(one.variant, one.sharpe);
  } else if (!(count >= 1 && Number.isFinite(mean) && line.squares >= 0)) return;
  else if (count === 1) single.set(variant, mean);
  else summed.set(variant, line);
}

function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line | null;
  } catch {
    return null;
  }
}
