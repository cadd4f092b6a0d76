import { OrreryError } from '../core/index.ts';
import type { Agent } from '../engine/index.ts';
import type { Mind } from './mind.ts';
import { parseMoon } from './moons/index.ts';
import type { Observations } from './observations.ts';
import { asksModel, createPlanet, type Domain, type PlanetSettings } from './planets/planet.ts';
import { createRiskOfficer } from './planets/risk-officer.ts';
import { sentimentDomain } from './planets/sentiment.ts';
import { technicalDomain } from './planets/technical.ts';
import { technicalRulesAdvice, technicalRulesRead } from './planets/technical-rules.ts';
import { type PromptTexts, readPrompt } from './prompt.ts';

/** What agents are made with. */
export interface AgentParts {
  readonly observations: Observations;
  readonly prompts: PromptTexts;
  readonly mind: Mind;
}

export interface AgentSettings extends PlanetSettings {
  readonly moons: readonly string[];
  readonly sources: readonly string[];
}

/** Planets by role: one line each. */
const domains: { readonly [role: string]: (observations: Observations, settings: AgentSettings) => Domain } =
  {
    technical: (observations, { moons }) => technicalDomain(observations, moons.map(parseMoon)),
    sentiment: (observations, { sources }) => sentimentDomain(observations, sources),
  };

/** Roles that can be played in this version; the chief and execution are not among an agent's roles. */
const agentRoles: readonly string[] = [...Object.keys(domains), 'risk-officer'];

export function isPlayable(role: string): boolean {
  return agentRoles.includes(role);
}

/**
 * What can be told of a desk's agents before a run begins, once it is known which profiles have a model.
 * @throws OrreryError `agents-invalid` for an agent left to rules that read none of its moons: it would never speak
 */
export function checkAgents(agents: readonly AgentSettings[], isUsable: (profile: string) => boolean): void {
  const mute = agents.find(
    (agent) =>
      agent.role === 'technical' &&
      agent.decider.includes('rules') &&
      !asksModel(agent, isUsable) &&
      !technicalRulesRead(agent.moons),
  );
  if (mute === undefined) return;
  const message = `agent ${mute.name} decides by rules, which read none of its moons (${mute.moons.join(', ') || 'it has none'})`;
  const model = mute.decider.includes('llm') ? `, or configure profile ${mute.profile} in orrery.yaml` : '';
  throw new OrreryError('agents-invalid', message, { hint: `${technicalRulesAdvice}${model}.` });
}

/** Stands in for an agent whose role is not available in this version: it never speaks, and says so. */
export function createSilentAgent(name: string): Agent {
  const report = { records: [], missing: [{ name, reason: 'not-configured' as const }] };
  return () => report;
}

/**
 * The agent that plays a role.
 * @throws OrreryError `agents-invalid` for a role nobody plays, `moon-unknown`, `prompt-invalid`
 */
export function createAgent(settings: AgentSettings, { observations, prompts, mind }: AgentParts): Agent {
  if (settings.role === 'risk-officer') {
    return createRiskOfficer(settings, readPrompt(settings.role, prompts), mind);
  }
  const domain = domains[settings.role];
  if (domain === undefined) {
    throw new OrreryError(
      'agents-invalid',
      `agent ${settings.name}: the role ${settings.role} is not available in this version`,
      {
        hint: `Roles: ${agentRoles.join(', ')}.`,
      },
    );
  }
  const prompt = readPrompt(settings.role, prompts);
  return createPlanet(settings, domain(observations, settings), prompt, mind);
}
