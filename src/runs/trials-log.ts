import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Market, Trials } from '../engine/index.ts';
import { makeStateFolder } from '../storage/index.ts';

/** What was tried at once on the same candles: one variant, or the many of a sweep by their moments. */
export interface Trial {
  /** What was tried: equal variants count once. */
  readonly variant: string;
  readonly count: number;
  /** Of the Sharpes per day. */
  readonly mean: number;
  /** Sum of their squared distances from the mean. */
  readonly squares: number;
}

/** Remembers every variant that was tested on some candles: the best of many has to be judged as that. */
export interface TrialsLog {
  /** Notes a trial. @returns all that are known on the same candles, this one included */
  note(data: string, trial: Trial): Trials;
}

/** Trials as lines of JSON in the state folder; lines that cannot be read count for nothing. */
export function openTrialsLog(home: string): TrialsLog {
  const file = join(home, 'trials.jsonl');
  return {
    note(data, trial) {
      const known = new Map(readTrials(file, data).map((one) => [one.variant, one]));
      if (!known.has(trial.variant)) {
        makeStateFolder(home);
        appendFileSync(file, `${JSON.stringify({ data, ...trial })}\n`, { mode: 0o600 });
      }
      return together([...known.set(trial.variant, trial).values()]);
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

/** Means and squares of parts taken together: Chan, Golub & LeVeque (1979). */
function together(trials: readonly Trial[]): Trials {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const trial of trials) {
    const distance = trial.mean - mean;
    const total = count + trial.count;
    squares += trial.squares + distance ** 2 * ((count * trial.count) / total);
    mean += (distance * trial.count) / total;
    count = total;
  }
  return { count, sharpeVariance: count < 2 ? 0 : squares / (count - 1) };
}

function readTrials(file: string, data: string): readonly Trial[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const one = JSON.parse(line) as Trial & { readonly data: string };
      const sound = one.data === data && one.count >= 1 && Number.isFinite(one.mean) && one.squares >= 0;
      return sound ? [one] : [];
    } catch {
      return [];
    }
  });
}
