import { type ModelUsage, noUsage } from '../agents/index.ts';
import { type HistoricalClock, type Notices, OrreryError, sinceProcessStartMs } from '../core/index.ts';
import type { DeskSpec } from '../desk/index.ts';
import {
  type Checkpoint,
  curveOf,
  dailyReturns,
  intervalOf,
  type LlmTotals,
  type Market,
  type ModelShare,
  type RunDocument,
  runLoop,
  type Trials,
  trackRecordOf,
} from '../engine/index.ts';
import type { RunHash } from '../journal/index.ts';
import type { Models } from '../llm/index.ts';
import { type Costs, costsFor, createSimulatedBroker, Guard, Portfolio } from '../trading/index.ts';
import { answeredBy } from './answered-by.ts';
import { assembleDesk } from './assemble-desk.ts';
import { concludeRun, type RunFigures } from './conclude-run.ts';
import { JournalWriter, type RunCheckpoint, type StepSink } from './journal-writer.ts';
import type { OpenMarket } from './open-market.ts';
import type { RunSettings } from './run-settings.ts';
import type { RunTally } from './run-tally.ts';
import { dataKey, type TrialsLog, variantKey } from './trials-log.ts';

/** Where a run stands when it begins: at nothing, or where an interrupted one stopped. */
export interface RunStart {
  readonly checkpoint: RunCheckpoint | null;
  readonly tally: RunTally;
  readonly hash: RunHash;
}

/** The inside of a run while it goes on, for whoever shows it. */
export interface RunView {
  readonly settings: RunSettings;
  readonly market: OpenMarket;
  readonly tally: RunTally;
  readonly portfolio: Portfolio;
  readonly costs: ReadonlyMap<string, Costs>;
  readonly capital: number;
  usage(): ModelUsage;
  /** Which models answered the decisions so far. */
  answeredBy(): readonly ModelShare[];
}

export interface DriveOptions {
  readonly run: string;
  readonly settings: RunSettings;
  readonly spec: DeskSpec;
  readonly market: OpenMarket;
  /** Stands where the run begins. */
  readonly clock: HistoricalClock;
  readonly gateway: Models;
  readonly start: RunStart;
  readonly sink: StepSink;
  readonly notices: Notices;
  /** Keeps count of the variants that were tried. */
  readonly trials: TrialsLog;
  /** Called when the run is ready, before its first bar. */
  onReady?(view: RunView): void;
  /** Called after every instant; a returned promise holds the run up. */
  onStep?(view: RunView): void | Promise<void>;
  /** Ends the run after the bar under way, or before it where a model is still to answer. */
  readonly stop: AbortSignal;
}

export type DriveEnd =
  | {
      readonly kind: 'done';
      readonly figures: RunFigures;
      readonly timings: RunDocument['timings'];
      readonly view: RunView;
    }
  | { readonly kind: 'stopped'; readonly view: RunView };

/**
 * Drives one run from its start (or its checkpoint) to its end: loads nothing, prints nothing, decides nothing; every
 * step goes to the tally, the hash and the journal.
 */
export async function driveRun(options: DriveOptions): Promise<DriveEnd> {
  const { run, spec, settings, market, clock, start } = options;
  const startedMs = sinceProcessStartMs();
  const { costs, ...account } = openAccount(spec, market.markets, start.checkpoint?.loop ?? null);
  const { decider, usage } = assembleDesk({
    ...options,
    state: start.checkpoint?.loop.decider ?? null,
    usage: usageAt(start),
  });
  const view: RunView = {
    settings,
    market,
    tally: start.tally,
    portfolio: account.portfolio,
    costs,
    capital: spec.capital,
    usage,
    answeredBy: () => answeredBy(start.tally, settings, spec),
  };
  const writer = new JournalWriter(options.sink, run, usage);
  let firstDecisionMs = 0;
  options.onReady?.(view);
  const ended = await runLoop({
    run,
    markets: market.markets,
    clock,
    decider,
    ...account,
    ...(start.checkpoint === null ? {} : { resumeFrom: start.checkpoint.loop }),
    signal: options.stop,
    async onStep(step, checkpoint) {
      if (firstDecisionMs === 0) firstDecisionMs = sinceProcessStartMs();
      start.tally.add(step);
      start.hash.add(step.records);
      await writer.add(step, checkpoint);
      await options.onStep?.(view);
    },
  }).catch((thrown: unknown) => {
    if (options.stop.aborted && thrown instanceof OrreryError && thrown.code === 'interrupted')
      return 'interrupted' as const;
    throw thrown;
  });
  // A bar that was given up has moved the account already: what is held back stays unwritten and is computed again.
  if (ended !== 'interrupted') await writer.close();
  if (ended !== 'done') return { kind: 'stopped', view };
  const endedMs = sinceProcessStartMs();
  const figures = concludeRun({
    run,
    ...view,
    llm: llmTotals(usage()),
    answeredBy: view.answeredBy(),
    hash: start.hash.digest(),
    trials: noteTrial(options.trials, view),
    positionPct: spec.limits.positionPct,
  });
  const statsMs = sinceProcessStartMs() - endedMs;
  return {
    kind: 'done',
    figures,
    view,
    timings: { firstDecisionMs, loadMs: market.loadMs, runMs: endedMs - startedMs, statsMs },
  };
}

/** The view of a run that has ended, from what it left. */
export function viewEnded(ended: Pick<DriveOptions, 'settings' | 'spec' | 'market' | 'start'>): RunView {
  const { settings, spec, market, start } = ended;
  const { costs, portfolio } = openAccount(spec, market.markets, start.checkpoint?.loop ?? null);
  const usage = usageAt(start);
  return {
    ...{ settings, market, tally: start.tally, portfolio, costs, capital: spec.capital },
    usage: () => usage,
    answeredBy: () => answeredBy(start.tally, settings, spec),
  };
}

/** An earlier version's checkpoint does not count what came from a cache: it had none. */
function usageAt({ checkpoint }: RunStart): ModelUsage {
  return { ...noUsage, ...checkpoint?.usage };
}

/** The account, the guard above it and the broker below, new or as the checkpoint left them. */
export function openAccount(spec: DeskSpec, markets: readonly Market[], loop: Checkpoint | null) {
  const costs = new Map<string, Costs>(
    markets.map(({ instrument }) => [instrument.symbol, costsFor(instrument.assetClass, spec.broker)]),
  );
  return {
    costs,
    portfolio: new Portfolio(loop?.portfolio ?? spec.capital),
    guard: new Guard(spec.limits, loop?.guard ?? spec.capital),
    broker: createSimulatedBroker(costs, loop?.broker ?? spec.capital),
  };
}

/** A desk's variant is all that decides, a replay's the same as the original's. */
function noteTrial(log: TrialsLog, { settings, market, tally, capital }: RunView): Trials | null {
  const returns = dailyReturns(curveOf(tally.equity, intervalOf(market.markets)), capital);
  const record = trackRecordOf(returns);
  if (record === null) return null;
  const { desk, prompts, profiles, llm, from, to, seed } = settings;
  const variant = variantKey({ desk: desk.text, prompts, profiles, llm, from, to, seed });
  return log.note(dataKey(market.markets), [{ variant, sharpe: record.sharpe }]);
}

function llmTotals({
  calls,
  turnedAway,
  cacheHits,
  inputTokens,
  outputTokens,
  costUsd,
  recordedCostUsd,
}: ModelUsage): LlmTotals {
  return { calls, turnedAway, cacheHits, inputTokens, outputTokens, costUsd, recordedCostUsd };
}
