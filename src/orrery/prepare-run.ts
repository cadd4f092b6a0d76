import { checkAgents } from '../agents/index.ts';
import type { EpochMs, Notices } from '../core/index.ts';
import { type DeskSpec, unavailableFeatures } from '../desk/index.ts';
import { redisUrl } from '../llm/index.ts';
import {
  checkRunId,
  knownBarsNotes,
  type MarketData,
  type NewRun,
  newRunId,
  notesOn,
  type OpenMarket,
  openMarket,
  type RunSettings,
} from '../runs/index.ts';
import { resolveDeskProfiles } from './desk-profiles.ts';
import type { Desks } from './find-desks.ts';
import { describeUnpriced, isUsable, type ModelAccess } from './model-access.ts';
import { shippedPrompts } from './shipped-prompts.ts';
import { firstWarmBar, syntheticData } from './synthetic-stretch.ts';

/** What a person asks to be run. */
export interface RunRequest {
  /** A desk's name, or a path to its file. */
  readonly desk: string;
  /** Null takes the desk's own instruments, which must then be synthetic. */
  readonly data: MarketData | null;
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly seed: number;
  readonly record: boolean;
  readonly run: string | null;
}

export interface PreparationPorts {
  readonly desks: Pick<Desks, 'openDesk'>;
  readonly models: ModelAccess;
  readonly notices: Notices;
  /** Of the program. */
  readonly version: string;
}

/** Refuses what cannot be run, notes what somebody should know before it is, and seals what the run depends on. */
export async function prepareRun(ports: PreparationPorts, request: RunRequest): Promise<NewRun> {
  const { desks, models, version } = ports;
  const run = request.run === null ? newRunId() : checkRunId(request.run);
  const { spec, text } = desks.openDesk(request.desk);
  checkAgents(spec.agents, (profile) => isUsable(models, profile));
  if (models.llm.cache?.store === 'redis') redisUrl(models.environment);
  const { to, seed, record } = request;
  const data = request.data ?? syntheticData(spec);
  const from = request.from ?? (data.kind === 'synthetic' ? firstWarmBar(data.market) : null);
  const asked = { data, from, to, seed };
  const market = await openMarket(asked);
  // Only now: somebody whose data cannot be read should be told that and nothing else.
  const answering = noteOn(ports, spec, market);
  const settings: RunSettings = {
    ...asked,
    version,
    desk: { name: spec.name, text },
    prompts: shippedPrompts(),
    hashes: Object.fromEntries(market.instruments.map(({ symbol, sha256 }) => [symbol, sha256])),
    record,
    ...answering,
    replayOf: null,
  };
  return { run, spec, market, settings };
}

/** @returns who will answer */
function noteOn(
  { models, notices }: PreparationPorts,
  spec: DeskSpec,
  market: OpenMarket,
): Pick<RunSettings, 'llm' | 'profiles'> {
  const unavailable = unavailableFeatures(spec);
  if (unavailable.length > 0) notices.warn(`not available in this version: ${unavailable.join(', ')}`);
  for (const note of market.markets.flatMap(notesOn)) notices.warn(note);
  const profiles = resolveDeskProfiles(spec, models, notices);
  const answering = { llm: models.llm, profiles };
  const names = Object.values(profiles).flatMap((profile) => profile?.standsFor ?? profile?.name ?? []);
  const unpriced = describeUnpriced(models, names);
  if (unpriced !== null) notices.warn(unpriced);
  for (const note of knownBarsNotes(answering, market)) notices.warn(note);
  return answering;
}
