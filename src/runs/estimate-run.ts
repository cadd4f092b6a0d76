import {
  type Asker,
  asksModel,
  isPlayable,
  modelRungs,
  type PromptTexts,
  parseMoon,
  standInQuestion,
  standInRepair,
} from '../agents/index.ts';
import { type AgentSpec, type DeskSpec, everyBar, isDue } from '../desk/index.ts';
import { barCount, type Market } from '../engine/index.ts';
import {
  mostClaimUsd,
  mostQuestionUsd,
  reachableProfiles,
  type UsableProfile,
  usualQuestionUsd,
} from '../llm/index.ts';
import type { OpenMarket } from './open-market.ts';
import type { RunSettings } from './run-settings.ts';

/** What a run may ask and cost, told before it asks: a guess, and what it cannot exceed unless a provider bills otherwise. */
export interface RunEstimate {
  readonly likely: { readonly calls: number; readonly usd: number };
  /** Every question asked, of every rung, answered at the greatest length, and once more after a repair. */
  readonly most: { readonly calls: number; readonly usd: number };
  /** Models that may be asked. */
  readonly models: number;
  readonly bars: number;
  /** The most that a budget holds back for one question. */
  readonly claimUsd: number;
}

/** What one agent would ask through one profile. */
interface Plan {
  readonly asker: Asker;
  /** Who answers first. */
  readonly profile: string;
  /** Whose stand-ins may answer too: that profile's, or those of the one it stands for. */
  readonly begins: string;
  readonly likely: number;
  readonly most: number;
}

/** Share of an analyst's turns on which it proposes a trade; of the shipped desk's rules it is a fifth. */
const proposingShare = 0.2;

/** Null where no question costs money. */
export function estimateRun(
  { llm, profiles, prompts }: Pick<RunSettings, 'llm' | 'profiles' | 'prompts'>,
  spec: DeskSpec,
  market: Pick<OpenMarket, 'markets' | 'news'>,
): RunEstimate | null {
  const plans = plansOf(spec, market, (profile) => profiles[profile] ?? null);
  const likely = { calls: 0, usd: 0 };
  const most = { calls: 0, usd: 0 };
  let claimUsd = 0;
  for (const { asker, profile, begins, ...questions } of plans) {
    const repair = standInRepair(prompts);
    likely.calls += questions.likely;
    likely.usd += questions.likely * usualQuestionUsd(llm, profile, planned(asker, prompts, 'usual'));
    most.calls += 2 * questions.most;
    most.usd += questions.most * mostQuestionUsd(llm, begins, planned(asker, prompts, 'longest'), repair);
    claimUsd = Math.max(claimUsd, mostClaimUsd(llm, profile, planned(asker, prompts, 'usual')));
  }
  if (most.usd === 0) return null;
  const asked = reachableProfiles(
    llm,
    plans.map(({ profile }) => profile),
  );
  const models = new Set(asked.map((name) => `${llm.profiles[name]!.provider}/${llm.profiles[name]!.model}`));
  const bars = barCount(market.markets);
  return {
    likely: { ...likely, calls: Math.round(likely.calls) },
    most,
    models: models.size,
    bars,
    claimUsd,
  };
}

function planned(asker: Asker, prompts: PromptTexts, length: 'longest' | 'usual') {
  const { role, system, user, schema } = standInQuestion(asker, prompts, length);
  const messages = [{ role: 'system', content: system } as const, { role: 'user', content: user } as const];
  return { messages, schema: { name: role, schema } };
}

type Resolve = (profile: string) => UsableProfile | null;

function plansOf(
  spec: DeskSpec,
  market: Pick<OpenMarket, 'markets' | 'news'>,
  resolve: Resolve,
): readonly Plan[] {
  const agents = spec.agents.filter(
    (agent) => isPlayable(agent.role) && asksModel(agent, (profile) => resolve(profile) !== null),
  );
  return [
    ...agents.map((agent) => planOf(agent, market, resolve(agent.profile)!)),
    ...chiefPlans(spec, market.markets, resolve),
  ];
}

function planOf(
  agent: AgentSpec,
  { markets, news }: Pick<OpenMarket, 'markets' | 'news'>,
  { name, standsFor = name }: UsableProfile,
): Plan {
  const { role, moons, dependsOn, every } = agent;
  const asker = { role, moons: moons.length, voices: 0 };
  // Without a word to read there is nothing to ask about.
  const mute = role === 'sentiment' && news === null;
  // Who may not fall back on rules and failed tries again on the next bar.
  const cadence = agent.decider.includes('rules') ? every : everyBar;
  const turns = (of: AgentSpec['every']) =>
    mute ? 0 : sum(markets, (market) => turnsOf(of, market, warmUp(agent, market)));
  const judges = role === 'risk-officer';
  return {
    ...{ asker, profile: name, begins: standsFor },
    likely: turns(every) * (judges ? proposingShare : 1),
    most: turns(cadence) * (judges ? dependsOn.length : 1),
  };
}

function chiefPlans(
  { chief, agents }: DeskSpec,
  markets: readonly Market[],
  resolve: Resolve,
): readonly Plan[] {
  const heard = agents.filter(({ name }) => chief.dependsOn.includes(name));
  const moons = heard.reduce((count, agent) => count + agent.moons.length, 0);
  const asker = { role: 'chief', moons, voices: heard.length };
  const bars = (from: (market: Market) => number) =>
    sum(markets, (market) => turnsOf(everyBar, market, from(market)));
  const all = bars(() => 0);
  // While one it needs warms up, the chief asks nobody.
  const warm = bars((market) =>
    Math.max(0, ...heard.filter(({ required }) => required).map((agent) => warmUp(agent, market))),
  );
  const routeOf = (profile: string) => {
    const found = resolve(profile);
    return found === null ? null : `${found.provider}/${found.model}`;
  };
  return modelRungs(chief, routeOf).map(({ profile }, rung) => {
    const { name, standsFor = name } = resolve(profile)!;
    const questions = { likely: rung === 0 ? warm : 0, most: all };
    return { ...{ asker, profile: name, begins: standsFor }, ...questions };
  });
}

/** Turns an agent has on the bars of a run, once `warm` bars lie behind it. */
function turnsOf(every: AgentSpec['every'], { series, from, to }: Market, warm: number): number {
  const first = Math.max(from, warm);
  if (every.kind === 'bars' && every.bars === 1) return Math.max(0, to - first);
  let turns = 0;
  let last: { readonly at: number; readonly index: number } | null = null;
  for (let index = from; index < to; index++) {
    const now = { at: series.openTime[index]! + series.intervalMs, index };
    if (last !== null && !isDue(every, now, last)) continue;
    last = now;
    if (index >= first) turns++;
  }
  return turns;
}

function warmUp({ role, moons }: AgentSpec, { series }: Market): number {
  if (role !== 'technical') return 0;
  return moons.reduce((longest, moon) => Math.max(longest, parseMoon(moon).warmUp(series.intervalMs)), 0);
}

function sum(markets: readonly Market[], count: (market: Market) => number): number {
  return markets.reduce((total, market) => total + count(market), 0);
}
