import { z } from 'zod';

// What `--json` prints, as it is promised to programs: written here once more, from the promise and not from the
// sources. Keys may be added, so unknown ones pass; JSON has no NaN, and zod takes no infinity.

const time = z.iso.datetime();
const number = z.number();
const count = z.int().min(0);
const text = z.string().min(1);
const share = z.number().min(0).max(1);

const performance = z.object({
  returnPct: number.nullable(),
  sharpe: number.nullable(),
  maxDrawdownPct: number.min(0).nullable(),
});

export const runDocument = z.object({
  run: text,
  desk: text,
  mode: z.literal('backtest'),
  instruments: z.array(
    z.object({
      symbol: text,
      assetClass: z.enum(['crypto', 'equity']),
      currency: text,
      timeframe: text,
      adjusted: z.boolean().nullable(),
      file: text.nullable(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  from: time,
  to: time,
  bars: count,
  decisions: count,
  orders: count,
  refused: count,
  fills: count,
  trades: count,
  equity: z.object({ start: number, end: number, cash: number, positions: number, fees: number }),
  metrics: z.object({
    returnPct: number,
    cagrPct: number.nullable(),
    volatilityPct: number.nullable(),
    sharpe: number.nullable(),
    sortino: number.nullable(),
    calmar: number.nullable(),
    maxDrawdownPct: number.min(0),
    winRatePct: number.min(0).max(100).nullable(),
    profitFactor: number.nullable(),
    exposurePct: number.min(0).max(100),
    turnover: number.min(0).nullable(),
    periodsPerYear: z.literal([252, 365]),
  }),
  baselines: z.object({ buyAndHold: performance, exposureMatched: performance }),
  stress: z.object({
    doubleCostsPct: number,
    fiveFoldCostsPct: number,
    delayedBarPct: number,
    doubleCosts: performance,
    fiveFoldCosts: performance,
    delayedBar: performance,
  }),
  sources: z.object({
    llm: count,
    cache: count,
    council: count,
    model: count,
    rules: count,
    hold: count,
  }),
  llm: z.object({
    calls: count,
    cacheHits: count,
    inputTokens: count,
    outputTokens: count,
    costUsd: number.min(0),
    recordedCostUsd: number.min(0),
  }),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  timings: z.object({
    firstDecisionMs: number.positive(),
    loadMs: number,
    runMs: number,
    statsMs: number,
  }),
  report: text,
});
export type RunDocument = z.infer<typeof runDocument>;

export const decisionRecord = z.object({
  id: text,
  run: text,
  at: time,
  instrument: text,
  agent: text,
  kind: z.enum(['signal', 'proposal', 'verdict', 'decision']),
  action: z.enum(['BUY', 'SELL', 'HOLD', 'CLOSE']),
  stance: z.enum(['LONG', 'SHORT', 'FLAT']),
  confidence: share,
  size: number.min(0).nullable(),
  sizePct: number.min(0).nullable(),
  stop: number.positive().nullable(),
  reasoning: text,
  keyFactors: z.array(z.object({ text, evidence: z.array(text).min(1) })).min(1),
  evidence: z
    .array(
      z.object({
        id: text,
        name: text,
        value: number.nullable(),
        unit: z.string(),
        eventAt: time,
        knownAt: time,
      }),
    )
    .min(1),
  missing: z.array(
    z.object({
      name: text,
      reason: z.enum(['absent', 'stale', 'failed', 'not-configured', 'warming-up']),
    }),
  ),
  coverage: share,
  inputs: z.record(z.string(), z.unknown()),
  source: z.enum(['llm', 'cache', 'council', 'model', 'rules', 'hold']),
  rung: z.enum(['primary', 'backup', 'council', 'cache', 'rules', 'hold']).nullable(),
  fellBack: z.boolean(),
  provider: text.nullable(),
  model: text.nullable(),
  promptTokens: count,
  responseTokens: count,
  latencyMs: number.min(0),
  costUsd: number.min(0),
  parents: z.array(text),
  verdict: z
    .object({
      approved: z.boolean(),
      adjustedSize: number.nullable(),
      riskScore: share,
      warnings: z.array(text),
    })
    .nullable(),
  order: z
    .object({
      id: text,
      side: z.enum(['BUY', 'SELL']),
      quantity: number.positive(),
      status: text,
      reason: text.nullable(),
    })
    .nullable(),
  outcome: z
    .object({
      status: text,
      exit: number.nullable(),
      exitBy: z.enum(['decision', 'stop', 'liquidation']).nullable(),
      reason: text.nullable(),
    })
    .nullable(),
});
export type DecisionRecord = z.infer<typeof decisionRecord>;

export const decisionRecords = z.array(decisionRecord);

export const shownDecision = decisionRecord.extend({
  prompt: text.nullable(),
  answer: text.nullable(),
  parentRecords: decisionRecords,
});

const side = z.enum(['BUY', 'SELL']);

export const orders = z.array(
  z.object({
    id: text,
    at: time,
    instrument: text,
    side,
    type: z.enum(['market', 'stop']),
    quantity: number.positive(),
    limit: number.nullable(),
    stop: number.nullable(),
    status: z.enum(['approved', 'refused', 'filled']),
    reason: text.nullable(),
    decision: text,
  }),
);
export type Order = z.infer<typeof orders>[number];

export const fills = z.array(
  z.object({
    order: text,
    at: time,
    instrument: text,
    side,
    quantity: number.positive(),
    price: number.positive(),
    fee: number.min(0),
  }),
);
export type Fill = z.infer<typeof fills>[number];

export const trades = z.array(
  z.object({
    instrument: text,
    side: z.enum(['LONG', 'SHORT']),
    quantity: number.positive(),
    openedAt: time,
    closedAt: time,
    entry: number.positive(),
    exit: number.positive(),
    pnl: number,
    fees: number.min(0),
    returnPct: number,
  }),
);
export type Trade = z.infer<typeof trades>[number];

export const equityPoints = z.array(z.object({ at: time, equity: number, cash: number }));

export const runSummaries = z.array(
  z.object({
    run: text,
    desk: text,
    status: z.enum(['running', 'interrupted', 'done', 'failed']),
    startedAt: time,
    bars: count,
    hash: text.nullable(),
  }),
);

export const errorDocument = z.strictObject({
  error: z.strictObject({ code: text, message: text, hint: text.nullable(), retryable: z.boolean() }),
});
export type ErrorDocument = z.infer<typeof errorDocument>['error'];

export const dataCheck = z.object({
  rows: count,
  from: time.nullable(),
  to: time.nullable(),
  intervalMs: number.nullable(),
  columns: z.unknown(),
  timezone: text,
  format: text,
  problems: z.array(z.object({ kind: text, line: z.int().positive(), at: time.nullable(), detail: text })),
  ok: z.boolean(),
});

export const storedCandles = z.array(
  z.object({
    symbol: text,
    interval: text,
    intervalMs: number,
    rows: count,
    from: time,
    to: time,
    sources: z.array(z.object({ name: text, sha256: text, format: text })),
    file: text,
  }),
);

export const importedCandles = z.array(storedCandles.element.extend({ added: count })).min(1);

export const doctorDocument = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: text, ok: z.boolean(), detail: text, hint: text.nullable() })).min(1),
});

const params = z.record(z.string(), number);
const timings = z.object({ loadMs: number, runMs: number, statsMs: number });

const sweepRow = z.object({
  params,
  equityFinal: number.nullable(),
  returnPct: number.nullable(),
  trades: count.nullable(),
  sharpe: number.nullable(),
  maxDrawdownPct: number.min(0).nullable(),
  winRatePct: number.min(0).max(100).nullable(),
  fees: number.min(0).nullable(),
  refused: count.nullable(),
  error: text.nullable(),
});

const sweepHead = z.object({
  strategy: text,
  bars: count,
  axes: z.array(z.object({ name: text, values: z.array(number).min(1) })).min(1),
  combinations: count,
  workers: z.int().min(1),
  timings,
});

export const sweepDocument = sweepHead.extend({
  failed: count,
  best: sweepRow.nullable(),
  results: z.array(sweepRow).min(1),
  deflatedSharpe: share.nullable(),
  probabilityOfOverfitting: share.nullable(),
  trials: count,
  compared: count,
  days: count,
  baselines: z.object({ buyAndHold: performance }),
  words: z.object({ deflatedSharpe: text, probabilityOfOverfitting: text, againstHold: text.nullable() }),
});

const stretch = z.object({ from: time, to: time });

export const walkForwardDocument = sweepHead.extend({
  windows: z
    .array(
      z.object({
        train: stretch,
        test: stretch,
        params,
        inSampleSharpe: number.nullable(),
        outOfSampleSharpe: number.nullable(),
        returnPct: number.nullable(),
        trades: count,
      }),
    )
    .min(1),
  outOfSample: z.object({
    returnPct: number,
    sharpe: number.nullable(),
    maxDrawdownPct: number.min(0),
    trades: count,
    days: count,
  }),
  baselines: z.object({ buyAndHold: performance }),
  evidence: z.object({ insufficient: z.array(z.object({ kind: z.enum(['days', 'trades']) })) }).nullable(),
  untestedBars: count,
  words: z.object({
    verdict: text.nullable(),
    againstHold: text.nullable(),
    trackRecord: text.nullable(),
    untested: text.nullable(),
  }),
});

const percentiles = z.object({ p5: number, p50: number, p95: number });

/** Of `orrery backtest`, what the tests of sweeps compare with. */
export const singleBacktest = z.object({
  params,
  equityFinal: number,
  trades: count,
  fees: number.min(0),
  refused: count,
  stats: z.object({ returnPct: number, sharpe: number.nullable(), maxDrawdownPct: number.min(0) }),
  honesty: z.object({ evidence: z.object({ trials: count }) }).optional(),
  monteCarlo: z
    .object({
      samples: count,
      seed: count,
      days: count,
      finalEquity: percentiles,
      maxDrawdownPct: percentiles,
      lossProbability: share,
    })
    .optional(),
});
