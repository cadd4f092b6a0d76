import { noUsage } from '../agents/index.ts';
import { type DecisionRecord, type EpochMs, HistoricalClock, isoTime, OrreryError } from '../core/index.ts';
import type { DeskAgent, DeskSpec } from '../desk/index.ts';
import { firstBarFrom, type Market, runLoop, type Step, strikeOut, unknownFutures } from '../engine/index.ts';
import { assembleDesk, type DeskAssembly, profilesOf } from './assemble-desk.ts';
import { openAccount } from './drive-run.ts';
import type { RunSettings } from './run-settings.ts';

/** A desk that is to decide by rules, whatever is configured. */
export interface PlayedDesk {
  readonly spec: DeskSpec;
  readonly prompts: RunSettings['prompts'];
  readonly around?: DeskAssembly['around'];
}

/** A record with all that it says as one text, made once: it is compared at every cut. */
export interface ConcludedRecord {
  readonly record: DecisionRecord;
  readonly words: string;
}

/** What a desk concluded over a stretch of its market. */
export interface Concluded {
  /** By instant, oldest first. */
  readonly instants: readonly { readonly at: EpochMs; readonly records: readonly ConcludedRecord[] }[];
  /** What was thrown, which ended the run, and the agent that threw it; the desk, where none did. */
  readonly failure: { readonly at: EpochMs; readonly agent: string; readonly thrown: unknown } | null;
}

/** A record that is another, or absent, when later bars are unknown. `at` is the close of its bar. */
export interface RecordDifference {
  readonly at: EpochMs;
  readonly instrument: string;
  readonly agent: string;
  readonly detail: string;
}

/** Plays the desk without models and keeps nothing of it. */
export async function concludedOf(desk: PlayedDesk, markets: readonly Market[]): Promise<Concluded> {
  const { spec, prompts, around = (agent) => agent } = desk;
  const clock = new HistoricalClock(Number.NEGATIVE_INFINITY);
  const throwers = new Map<unknown, string>();
  const { decider } = assembleDesk({
    spec,
    settings: { prompts, profiles: Object.fromEntries(profilesOf(spec).map((name) => [name, null])) },
    market: { markets, news: null },
    gateway: { within: refuseModels },
    clock,
    notices: { warn: () => undefined, alert: () => undefined },
    state: null,
    usage: noUsage,
    stop: new AbortController().signal,
    around: (agent) => blaming(around(agent, markets), throwers),
  });
  const instants: Concluded['instants'][number][] = [];
  const onStep = ({ at, records }: Step) => {
    instants.push({ at, records: records.map((record) => ({ record, words: JSON.stringify(record) })) });
  };
  try {
    await runLoop({ run: 'check', markets, clock, decider, ...openAccount(spec, markets, null), onStep });
    return { instants, failure: null };
  } catch (thrown) {
    return { instants, failure: { at: clock.now(), agent: throwers.get(thrown) ?? spec.name, thrown } };
  }
}

/** Writes down who threw what: the desk passes on only what was thrown. */
function blaming(inner: DeskAgent, throwers: Map<unknown, string>): DeskAgent {
  const blame = (thrown: unknown): never => {
    throwers.set(thrown, inner.name);
    throw thrown;
  };
  return {
    ...inner,
    agent(situation, heard) {
      try {
        const report = inner.agent(situation, heard);
        return report instanceof Promise ? report.catch(blame) : report;
      } catch (thrown) {
        return blame(thrown);
      }
    },
  };
}

function refuseModels(): never {
  throw new OrreryError('internal', 'a check asks no model');
}

/** The first thing that the desk concludes otherwise when bars that open at `cut` or later are absent, or others. */
export async function findRecordDifferences(
  desk: PlayedDesk,
  markets: readonly Market[],
  known: Concluded,
  cut: EpochMs,
): Promise<readonly RecordDifference[]> {
  const differences: RecordDifference[] = [];
  for (const { words, behind } of unknownFutures) {
    const other = markets.map((market) => {
      const end = firstBarFrom(market.series, cut);
      const series = behind(market.series, end);
      return { ...market, series, from: Math.min(market.from, end), to: Math.min(market.to, end) };
    });
    const difference = firstDifference(known, await concludedOf(desk, other), markets);
    for (const { series } of other) strikeOut(series);
    if (difference === null) continue;
    const future = `when what follows from ${isoTime(cut)} on ${words}`;
    differences.push({ ...difference, detail: `${difference.detail} ${future}` });
  }
  return differences;
}

function firstDifference(
  known: Concluded,
  other: Concluded,
  markets: readonly Market[],
): RecordDifference | null {
  for (const [place, { at, records }] of other.instants.entries()) {
    const expected = known.instants[place]?.records ?? [];
    const difference = firstOther(expected, records) ?? firstOther(records, expected);
    if (difference !== null) return { at, ...difference };
  }
  if (other.failure === null) return null;
  const { at, agent, thrown } = other.failure;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return { at, agent, instrument: markets[0]!.instrument.symbol, detail: `fails (${said})` };
}

/** The first record that is not, just so, among the others. Agents come after those they listen to. */
function firstOther(
  records: readonly ConcludedRecord[],
  others: readonly ConcludedRecord[],
): Omit<RecordDifference, 'at'> | null {
  for (const { record, words } of records) {
    const twin = others.find((other) => other.record.id === record.id);
    if (twin?.words === words) continue;
    const { agent, instrument, kind } = record;
    const detail =
      twin === undefined
        ? `gives a ${kind} or none`
        : `its ${kind}, ${record.action}, is another (${twin.record.action})`;
    return { agent, instrument, detail };
  }
  return null;
}
