import { z } from 'zod';
import type { RunDocument } from '../engine/index.ts';
import { alteredRows } from '../journal/index.ts';
import type { RunCheckpoint } from './journal-writer.ts';
import type { RunSettings } from './run-settings.ts';

// The journal gives back whatever JSON lies in its rows. Checked here is what a run would otherwise stumble over later,
// without a word of which run it was.

const anyObject = z.looseObject({});
const texts = z.record(z.string(), z.string());

const settingsShape = z.looseObject({
  data: z.discriminatedUnion('kind', [
    z.looseObject({
      kind: z.literal('files'),
      files: z.array(z.looseObject({ symbol: z.string(), file: z.string() })),
    }),
    z.looseObject({ kind: z.literal('synthetic'), market: anyObject }),
  ]),
  seed: z.number(),
  desk: z.looseObject({ name: z.string(), text: z.string() }),
  prompts: texts,
  hashes: texts,
  record: z.boolean(),
  llm: z.looseObject({ providers: anyObject, profiles: anyObject }),
  profiles: anyObject,
  replayOf: z.string().nullable(),
});

const checkpointShape = z.looseObject({
  loop: z.looseObject({
    at: z.number(),
    number: z.int(),
    portfolio: z.looseObject({ positions: z.array(anyObject), marks: z.array(z.unknown()) }),
    guard: anyObject,
    waiting: z.array(anyObject),
  }),
  usage: z.looseObject({ calls: z.int(), costUsd: z.number() }),
});

const documentShape = z.looseObject({
  run: z.string(),
  equity: anyObject,
  metrics: anyObject,
  baselines: z.looseObject({ buyAndHold: anyObject, exposureMatched: anyObject }),
  sources: anyObject,
  llm: anyObject,
  hash: z.string(),
});

/** @throws OrreryError `database-failed` naming the run, as its neighbours do */
export function storedSettings(run: string, value: unknown): RunSettings {
  return unaltered(`what run ${run} began with`, settingsShape, value);
}

/** Null before the first. */
export function storedCheckpoint(run: string, value: unknown): RunCheckpoint | null {
  return value === null ? null : unaltered(`the checkpoint of run ${run}`, checkpointShape, value);
}

export function storedDocument(run: string, value: unknown): RunDocument {
  return unaltered(`the document of run ${run}`, documentShape, value);
}

function unaltered<Stored>(what: string, shape: z.ZodType, value: unknown): Stored {
  const checked = shape.safeParse(value);
  if (!checked.success) throw alteredRows(what, checked.error);
  return value as Stored;
}
