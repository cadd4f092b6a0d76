import { z } from 'zod';
import { isPlayable, parseMoon, readPrompt } from '../agents/index.ts';
import { isTime, OrreryError } from '../core/index.ts';
import { type DeskSpec, readDesk } from '../desk/index.ts';
import type { RunDocument } from '../engine/index.ts';
import { alteredRows } from '../journal/index.ts';
import type { CallCount } from '../llm/index.ts';
import type { RunCheckpoint } from './journal-writer.ts';
import type { RunSettings } from './run-settings.ts';

// The journal gives back whatever JSON lies in its rows. Checked here is what a run would otherwise stumble over later,
// without a word of which run it was, and what would be printed as if it were a result. Keys that were added since pass.

const text = z.string();
const texts = z.record(text, text);
const number = z.number();
const count = z.int().min(0);
const time = number.refine(isTime);

const files = z.looseObject({
  kind: z.literal('files'),
  files: z.array(z.looseObject({ symbol: text, file: text, format: text.nullable() })),
});

const synthetic = z.looseObject({
  kind: z.literal('synthetic'),
  market: z.looseObject({
    symbols: z.array(text).min(1),
    timeframe: z.string().regex(/^[1-9]\d*[smhdw]$/),
    bars: z.int().positive(),
    start: time,
  }),
});

const settingsShape = z.looseObject({
  data: z.discriminatedUnion('kind', [files, synthetic]),
  from: time.nullable(),
  to: time.nullable(),
  seed: number,
  desk: z.looseObject({ name: text, text }),
  prompts: texts,
  hashes: texts,
  record: z.boolean(),
  llm: z.looseObject({
    providers: z.record(text, z.looseObject({ kind: text })),
    profiles: z.record(text, z.looseObject({ provider: text, model: text })),
  }),
  profiles: z.record(text, z.looseObject({ name: text, provider: text, model: text }).nullable()),
  replayOf: text.nullable(),
});

const lot = z.looseObject({
  size: number,
  entryPrice: number,
  entryFee: number,
  openedBy: text,
  stop: number.nullable(),
});

const callsShape = z
  .array(
    z.looseObject({
      ...{ agent: text, provider: text, model: text },
      ...{ calls: count, cacheHits: count, failures: count },
      ...{ inputTokens: count, outputTokens: count, costUsd: number },
    }),
  )
  .optional();

const checkpointShape = z.looseObject({
  loop: z.looseObject({
    at: time,
    number: count,
    portfolio: z.looseObject({
      cash: number,
      fees: number,
      positions: z.array(
        z.looseObject({ instrument: text, quantity: number, entry: number, openedAt: time }),
      ),
      marks: z.array(z.tuple([text, number])),
    }),
    guard: z.looseObject({ peak: number, highest: number, losingTrades: count, pausedBars: count }),
    broker: z.looseObject({
      cash: number,
      holdings: z.array(z.looseObject({ instrument: text, mark: number, lots: z.array(lot) })),
      waiting: z.array(z.looseObject({ id: text, at: time, instrument: text, quantity: number })),
    }),
  }),
  usage: z.looseObject({ calls: count, inputTokens: count, outputTokens: count, costUsd: number }),
  calls: callsShape,
});

/** Before stops were orders, nothing was kept of the broker but what waited. */
const olderCheckpointShape = z.looseObject({
  loop: z.looseObject({ waiting: z.array(z.unknown()), broker: z.never().optional() }),
});

const baseline = z.looseObject({
  returnPct: number.nullable(),
  sharpe: number.nullable(),
  maxDrawdownPct: number.nullable(),
});

const documentShape = z.looseObject({
  run: text,
  desk: text,
  synthetic: z.boolean(),
  instruments: z.array(z.looseObject({ symbol: text, currency: text, timeframe: text, sha256: text })),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  bars: count,
  decisions: count,
  orders: count,
  refused: count,
  fills: count,
  trades: count,
  equity: z.looseObject({ start: number, end: number, cash: number, positions: number, fees: number }),
  metrics: z.looseObject({
    returnPct: number,
    cagrPct: number.nullable(),
    volatilityPct: number.nullable(),
    sharpe: number.nullable(),
    sortino: number.nullable(),
    calmar: number.nullable(),
    maxDrawdownPct: number,
    winRatePct: number.nullable(),
    profitFactor: number.nullable(),
    exposurePct: number,
    turnover: number.nullable(),
    periodsPerYear: number,
    days: count,
  }),
  baselines: z.looseObject({ buyAndHold: baseline, exposureMatched: baseline }),
  sources: z.record(text, count),
  fellBack: count,
  llm: z.looseObject({ calls: count, inputTokens: count, outputTokens: count, costUsd: number }),
  costs: z.looseObject({ feeBps: number, spreadBps: number, slippageBps: number }),
  hash: text,
  timings: z.record(text, number),
});

/** @throws OrreryError `database-failed` naming the run, as its neighbours do */
export function storedSettings(run: string, value: unknown): RunSettings {
  return unaltered(beginningOf(run), settingsShape, value);
}

/** The desk a run began with. It was accepted then, with its prompts: a fault in them now is no fault of a file. */
export function storedDesk(run: string, { desk, prompts }: Pick<RunSettings, 'desk' | 'prompts'>): DeskSpec {
  try {
    const spec = readDesk(desk.text, `desk of run ${run}`, parseMoon);
    const roles = spec.agents.map(({ role }) => role).filter(isPlayable);
    for (const name of ['chief', 'repair', ...roles]) readPrompt(name, prompts);
    return spec;
  } catch (fault) {
    throw alteredRows(beginningOf(run), fault);
  }
}

/**
 * Null before the first.
 * @throws OrreryError `run-failed` for a run of a version whose broker kept no stops
 */
export function storedCheckpoint(run: string, value: unknown): RunCheckpoint | null {
  if (value === null) return null;
  if (olderCheckpointShape.safeParse(value).success) {
    throw new OrreryError(
      'run-failed',
      `run ${run} stopped in an earlier version, whose account this one cannot go on with`,
      {
        hint: 'Run the desk again, or finish this run with the version that began it.',
      },
    );
  }
  return unaltered(`the checkpoint of run ${run}`, checkpointShape, value);
}

/** Null where a run has kept no such counts: it keeps recordings, has not begun, or is of an earlier version. */
export function storedCalls(run: string, checkpoint: unknown): readonly CallCount[] | null {
  const shape = z.looseObject({ calls: callsShape }).nullable();
  const stored: { readonly calls?: readonly CallCount[] } | null = unaltered(
    `the checkpoint of run ${run}`,
    shape,
    checkpoint,
  );
  return stored?.calls ?? null;
}

export function storedDocument(run: string, value: unknown): RunDocument {
  return unaltered(`the document of run ${run}`, documentShape, value);
}

const beginningOf = (run: string) => `what run ${run} began with`;

function unaltered<Stored>(what: string, shape: z.ZodType, value: unknown): Stored {
  const checked = shape.safeParse(value);
  if (!checked.success) throw alteredRows(what, checked.error);
  return value as Stored;
}
