import {
  type AgentParts,
  createAgent,
  createChief,
  createModelMind,
  createObservations,
  createSilentAgent,
  holdDecision,
  isPlayable,
  type ModelUsage,
  planOrder,
  readPrompt,
} from '../agents/index.ts';
import type { Clock, Notices } from '../core/index.ts';
import { createDesk, type DeskAgent, type DeskSpec, everyBar } from '../desk/index.ts';
import type { Decider, Market } from '../engine/index.ts';
import type { Models } from '../llm/index.ts';
import { scoreHeadline } from '../text/index.ts';
import type { OpenMarket } from './open-market.ts';
import type { RunSettings } from './run-settings.ts';

export interface DeskAssembly {
  readonly spec: DeskSpec;
  readonly settings: Pick<RunSettings, 'prompts' | 'profiles'>;
  readonly market: Pick<OpenMarket, 'markets' | 'news'>;
  readonly gateway: Models;
  readonly clock: Clock;
  readonly notices: Notices;
  /** Where an interrupted run stood. */
  readonly state: unknown;
  readonly usage: ModelUsage;
  /** Interrupts whoever waits for a model. */
  readonly stop: AbortSignal;
  /** Puts something around an agent, or in its place: how a check listens. */
  readonly around?: (agent: DeskAgent, markets: readonly Market[]) => DeskAgent;
}

const chiefName = 'chief';

/** Makes the agents that a desk's file names and joins them into one decider. */
export function assembleDesk(assembly: DeskAssembly): { readonly decider: Decider; usage(): ModelUsage } {
  const { spec, settings, market, gateway, notices, around = (agent) => agent } = assembly;
  const { prompts, profiles } = settings;
  const mind = createModelMind({
    gateway,
    profiles,
    repair: readPrompt('repair', prompts),
    notices,
    usage: assembly.usage,
    stop: assembly.stop,
  });
  const series = market.markets.map((one) => one.series);
  const score = (text: string) => scoreHeadline(text).score;
  const observations = createObservations({ series, news: market.news, clock: assembly.clock, score });
  const parts: AgentParts = { observations, prompts, mind };
  const { ladder, profile, backup, dependsOn } = spec.chief;
  const judged = spec.agents.some(({ role }) => role === 'risk-officer');
  const chief = createChief(
    { name: chiefName, ladder, profile, backup, judged },
    readPrompt('chief', prompts),
    mind,
  );
  const agents: DeskAgent[] = spec.agents.map((agent) =>
    isPlayable(agent.role)
      ? { ...agent, agent: createAgent(agent, parts) }
      : { ...agent, required: false, agent: createSilentAgent(agent.name) },
  );
  agents.push({ name: chiefName, dependsOn, required: true, every: everyBar, agent: chief });
  const decider = createDesk(
    {
      agents: agents.map((agent) => around(agent, market.markets)),
      chief: chiefName,
      hold: holdDecision,
      execute: planOrder,
      notices,
    },
    assembly.state,
  );
  return { decider, usage: () => mind.usage() };
}

/** The profiles a desk may ask. */
export function profilesOf(spec: DeskSpec): readonly string[] {
  const { profile, backup } = spec.chief;
  return [
    ...new Set([...spec.agents.map((agent) => agent.profile), profile, ...(backup === null ? [] : [backup])]),
  ];
}
