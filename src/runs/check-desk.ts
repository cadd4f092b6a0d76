import { parseMoon } from '../agents/index.ts';
import type { EpochMs } from '../core/index.ts';
import { asOrreryError } from '../core/index.ts';
import type { DeskSpec } from '../desk/index.ts';
import {
  barCount,
  type CheckDocument,
  type CheckedLine,
  type CheckFinding,
  type CheckResult,
  checkDocument,
  chooseCuts,
  findingAt,
  findPeekingLines,
  firstBarFrom,
  type Market,
  stretchOf,
} from '../engine/index.ts';
import { findOddCadences, findOddIntervals } from './check-intervals.ts';
import { type Concluded, concludedOf, findRecordDifferences, type PlayedDesk } from './check-records.ts';
import { findSplits } from './check-splits.ts';
import { openMarket } from './open-market.ts';
import type { FileData } from './run-settings.ts';

/** The latest bars of an instrument that the desk decides on, and as many before them to warm up. */
const checkedBars = 1_500;
/** Each costs two runs of the desk, and there may be as many behind orders. */
const spreadCuts = 12;

/** A desk, and the candles to check it on. */
export interface DeskCheckRequest extends PlayedDesk {
  readonly name: string;
  readonly files: readonly FileData[];
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
}

/**
 * Checks a desk as it decides by rules; no model is asked and nothing is kept.
 * @throws OrreryError what reading candles throws, and what an agent throws beside a read of the future
 */
export async function checkDeskOnFiles(request: DeskCheckRequest): Promise<CheckDocument> {
  const { files, from, to, name } = request;
  const opened = await openMarket({ data: { kind: 'files', files }, from, to, seed: 0 });
  const markets = opened.markets.filter((market) => market.from < market.to).map(latestBars);
  const odd: CheckFinding[] = [];
  for (const market of markets) {
    const file = files.find(({ symbol }) => symbol === market.instrument.symbol);
    if (file !== undefined) odd.push(...(await findOddIntervals(market, file)));
    odd.push(...findOddCadences(request.spec.agents, market), ...findSplits(market));
  }
  const { findings, compared } = await checkDesk(request, markets);
  const head = { name, kind: 'desk', instruments: opened.instruments, bars: barCount(markets) } as const;
  return checkDocument(head, [{ findings: [...findings, ...odd], compared }]);
}

function latestBars({ instrument, series, from, to }: Market): Market {
  const first = Math.max(from, to - checkedBars);
  const warm = Math.max(0, first - checkedBars);
  return { instrument, series: stretchOf(series, warm, to), from: first - warm, to: to - warm };
}

/** Looks for agents and moons whose conclusions and values depend on later bars. */
export async function checkDesk(desk: PlayedDesk, markets: readonly Market[]): Promise<CheckResult> {
  const known = await concludedOf(desk, markets);
  const longest = markets.reduce((long, one) => (one.to - one.from > long.to - long.from ? one : long));
  const { series } = longest;
  const records = known.instants.flatMap((instant) => instant.records.map(({ record }) => record));
  const ordered = records.filter(({ order, instrument }) => order !== null && instrument === series.symbol);
  const orderBars = ordered.map(({ at }) => firstBarFrom(series, at - series.intervalMs));
  const cuts = chooseCuts(spreadCuts, longest.from, longest.to, orderBars);
  const lines = moonLines(desk.spec, longest);
  const compared = {
    cuts: cuts.length,
    lines: lines.length,
    orders: ordered.length,
    records: records.length,
  };
  const peeking = findPeekingLines(lines, series, cuts);
  if (known.failure !== null) return { findings: [...peeking, futureRead(longest, known.failure)], compared };
  // Whoever reads a peeking moon concludes otherwise too: naming him would hide where to look.
  const agents =
    peeking.length > 0
      ? []
      : await findPeekingAgents(
          desk,
          markets,
          known,
          cuts.map((cut) => series.openTime[cut]!),
        );
  return { findings: [...peeking, ...agents, ...neverWarm(longest, known)], compared };
}

async function findPeekingAgents(
  desk: PlayedDesk,
  markets: readonly Market[],
  known: Concluded,
  cuts: readonly EpochMs[],
): Promise<readonly CheckFinding[]> {
  for (const cut of cuts) {
    const differences = await findRecordDifferences(desk, markets, known, cut);
    const [earliest, ...others] = differences;
    if (earliest === undefined) continue;
    const { at, agent, instrument, detail } = others.reduce(
      (first, one) => (one.at < first.at ? one : first),
      earliest,
    );
    const { series } = markets.find((market) => market.instrument.symbol === instrument)!;
    const bar = firstBarFrom(series, at - series.intervalMs);
    return [findingAt(series, bar, { kind: 'look-ahead', subject: agent, detail })];
  }
  return [];
}

/** @throws OrreryError what ended the run, unless that was a read of the future */
function futureRead(
  { series }: Market,
  { at, agent, thrown }: NonNullable<Concluded['failure']>,
): CheckFinding {
  const { code, message } = asOrreryError(thrown);
  if (code !== 'future-read') throw thrown;
  const bar = firstBarFrom(series, at - series.intervalMs);
  return findingAt(series, bar, {
    kind: 'look-ahead',
    subject: agent,
    detail: `reads the future: ${message}`,
  });
}

function moonLines({ agents }: DeskSpec, { series }: Market): readonly CheckedLine[] {
  const moons = [...new Set(agents.flatMap((agent) => agent.moons))].map(parseMoon);
  return moons.flatMap((moon) =>
    moon.compute(series).lines.map(({ suffix }, place) => ({
      name: suffix === '' ? moon.name : `${moon.name}.${suffix}`,
      compute: (candles) => moon.compute(candles).lines[place]!.values,
    })),
  );
}

/** A desk that waits for its moons throughout: then nothing was checked. */
function neverWarm({ series, from, to }: Market, { instants }: Concluded): readonly CheckFinding[] {
  const decisions = instants.flatMap(({ records }) =>
    records.flatMap(({ record }) => (record.kind === 'decision' ? [record] : [])),
  );
  const waitsFor = decisions.map(
    ({ missing }) => missing.find(({ reason }) => reason === 'warming-up')?.name,
  );
  const [last] = waitsFor.slice(-1);
  if (last === undefined || waitsFor.includes(undefined)) return [];
  const detail = `still warms up at the last of ${to - from} bars, so that nothing was ever decided`;
  return [findingAt(series, from, { kind: 'warm-up', subject: last, detail })];
}
