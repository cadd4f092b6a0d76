import { z } from 'zod';
import { isNestedDeeperThan, isTime, OrreryError } from '../core/index.ts';
import type { RunDocument } from '../engine/index.ts';
import type { RunRecord } from '../journal/index.ts';
import type { RunFileHead } from './run-file.ts';
import { storedCheckpoint, storedDocument, storedSettings } from './stored-run.ts';

// What a run's own row must be when it comes from elsewhere: more than of one that this program wrote, because all of
// it is shown.

const text = z.string();
/** What a column of the database takes. */
const column = text.max(500).refine((value) => !/\0|\p{Surrogate}/u.test(value));
/** As far as an account of finite prices gets. */
const amount = z.number().min(-1e100).max(1e100);
const amountOrNull = amount.nullable();
const count = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const total = z.number().min(0).max(1e100);
const time = z.number().refine(isTime);
const hash = text.regex(/^[0-9a-f]{64}$/);

const recordShape = z.strictObject({
  ...{ run: column, desk: column, mode: column, status: z.literal('done'), hash },
  ...{ startedAt: time, finishedAt: time, bars: count },
  ...{ settings: z.unknown(), checkpoint: z.unknown(), document: z.unknown(), failure: z.null() },
});

/** A market that is made up is made up again for the report. */
const mostSyntheticBars = 10_000_000;

const settingsShape = z.looseObject({
  data: z.union([
    z.looseObject({ kind: z.literal('files') }),
    z.looseObject({
      kind: z.literal('synthetic'),
      market: z
        .looseObject({ symbols: z.array(column), bars: count })
        .refine(({ symbols, bars }) => symbols.length * bars <= mostSyntheticBars),
    }),
  ]),
  seed: amount,
  version: column,
  hashes: z.record(text, hash),
});

const baseline = z.looseObject({ returnPct: amount, sharpe: amountOrNull, maxDrawdownPct: amount });
const interval = z.looseObject({ low: amount, high: amount, estimate: amount });

const evidence = z.looseObject({
  insufficient: z.array(z.looseObject({ kind: z.enum(['days', 'trades']), found: total, needed: total })),
  sharpe: interval.nullable(),
  deflatedSharpe: amountOrNull,
  trials: total,
  minimumTrackRecordDays: amountOrNull,
  againstHold: z.looseObject({ sharpe: interval.nullable() }),
});

const stress = z.looseObject({
  ...{ doubleCostsPct: amountOrNull, fiveFoldCostsPct: amountOrNull, delayedBarPct: amountOrNull },
  doubleCosts: baseline.nullable(),
  fiveFoldCosts: baseline.nullable(),
  delayedBar: baseline.nullable(),
});

const random = z.looseObject({
  runs: total,
  pValue: amount,
  randomReturnPct: z.looseObject({ p5: amount, p50: amount, p95: amount }),
});

const metrics = z.looseObject({
  ...{ returnPct: amount, cagrPct: amountOrNull, volatilityPct: amountOrNull, sharpe: amountOrNull },
  ...{ sortino: amountOrNull, calmar: amountOrNull, maxDrawdownPct: amount, winRatePct: amountOrNull },
  ...{ profitFactor: amountOrNull, exposurePct: amount, turnover: amountOrNull, days: count },
});

const documentShape = z.looseObject({
  replayOf: column.nullable(),
  instruments: z.array(
    z.looseObject({
      ...{ symbol: column, assetClass: column, currency: column, timeframe: column, sha256: hash },
      ...{ adjusted: z.boolean().nullable(), file: text.nullable() },
    }),
  ),
  ...{ bars: count, decisions: count, orders: count, refused: count, fills: count, trades: count },
  equity: z.looseObject({ start: amount, end: amount, cash: amount, positions: amount, fees: amount }),
  metrics,
  baselines: z.looseObject({
    ...{ buyAndHold: baseline, exposureMatched: baseline, vote: baseline.optional() },
    random: random.nullable().optional(),
  }),
  evidence: evidence.optional(),
  stress: stress.optional(),
  sources: z.looseObject({
    ...{ llm: count, cache: count, council: count, model: count, rules: count, hold: count },
  }),
  fellBack: count,
  llm: z.looseObject({
    ...{ calls: total, cacheHits: total, inputTokens: total, outputTokens: total },
    ...{ costUsd: total, recordedCostUsd: total },
  }),
  knownBars: z
    .array(z.looseObject({ model: text, knowledgeCutoff: text, barsBefore: total, bars: total }))
    .optional(),
  costs: z.looseObject({ feeBps: amount, spreadBps: amount, slippageBps: amount }),
  notes: z.array(text).optional(),
  timings: z.looseObject({ firstDecisionMs: amount, loadMs: amount, runMs: amount, statsMs: amount }),
  report: text.nullable(),
});

/** What a provider is asked for is nested, too. */
const mostLevels = 100;

/** @throws Error for what cannot be the row of the run that `head` speaks of */
export function checkMovedRun(value: unknown, head: RunFileHead): void {
  if (isNestedDeeperThan(mostLevels, value)) throw new RangeError('it is nested without end');
  const record: Omit<RunRecord, 'hash'> & { readonly hash: string } = recordShape.parse(value) as never;
  const { run, settings, checkpoint } = record;
  const document: RunDocument = storedDocument(run, record.document);
  documentShape.parse(document);
  const { hashes } = storedSettings(run, settings);
  settingsShape.parse(settings);
  checkCheckpoint(run, checkpoint);
  if ([run, document.run].some((name) => name !== head.run)) throw new RangeError('it is another run');
  if ([record.hash, document.hash].some((one) => one !== head.hash))
    throw new RangeError('its hash is another');
  if (head.data.some(({ symbol, sha256 }) => hashes[symbol] !== sha256)) {
    throw new RangeError('it was made with other candles');
  }
}

/** One of an earlier version, which this one cannot go on with, is a checkpoint all the same. */
function checkCheckpoint(run: string, checkpoint: unknown): void {
  try {
    storedCheckpoint(run, checkpoint);
  } catch (thrown) {
    if (!(thrown instanceof OrreryError && thrown.code === 'run-failed')) throw thrown;
  }
}
