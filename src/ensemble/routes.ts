import { nearestWord, OrreryError } from '../core/index.ts';
import type { AgentSpec } from './agent-spec.ts';
import type { Runners } from './runner.ts';
import type { HeardAgent } from './scope.ts';

/** A way to an agent: it works when `router` takes one of the branches. */
export interface Route {
  readonly router: string;
  readonly branches: readonly string[];
}

/**
 * Routes by the agent they lead to.
 * @throws OrreryError `agents-invalid` for a branch to an agent that is not there, and for a router with fanOut
 */
export function findRoutes(
  agents: readonly AgentSpec[],
  runners: Runners,
): ReadonlyMap<string, readonly Route[]> {
  const names = agents.map(({ name }) => name);
  const routes = new Map<string, Route[]>();
  for (const { name: router, kind, settings, fanOut } of agents) {
    const led = new Map<string, string[]>();
    const branches = Object.entries(runners.get(kind)?.branches?.(settings) ?? {});
    if (branches.length > 0 && fanOut !== null) throw routesEachItem(router);
    for (const [branch, members] of branches) {
      for (const member of members) {
        if (!names.includes(member)) throw leadsNowhere(router, branch, member, names);
        led.set(member, [...(led.get(member) ?? []), branch]);
      }
    }
    for (const [member, branches] of led) {
      routes.set(member, [...(routes.get(member) ?? []), { router, branches }]);
    }
  }
  return routes;
}

function routesEachItem(router: string): OrreryError {
  return new OrreryError(
    'agents-invalid',
    `\`${router}\` routes, so it cannot have fanOut: each item would lead elsewhere`,
    {
      hint: 'Put the route into an ensemble of its own, and fan out over that.',
    },
  );
}

function leadsNowhere(router: string, branch: string, member: string, names: readonly string[]): OrreryError {
  const nearest = nearestWord(member, names);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  return new OrreryError(
    'agents-invalid',
    `branch \`${branch}\` of \`${router}\` leads to \`${member}\`, which does not exist${suggestion}`,
    { hint: `There are ${names.join(', ')}.` },
  );
}

/** Branches that a router took, by its output `{take: [names]}`; null when it gave none. */
export function takenBy({ status, output }: HeardAgent): readonly string[] | null {
  if (status !== 'ok' || typeof output !== 'object' || output === null || !('take' in output)) return null;
  return (output as { readonly take: readonly string[] }).take;
}

/**
 * Why nobody needs the agent, or null when it is to work. A router that failed leads everywhere: an answer that nobody needs costs
 * less than one that is missing.
 */
export function routedElsewhere(
  routes: readonly Route[],
  agents: { readonly [name: string]: HeardAgent },
): string | null {
  const reasons: string[] = [];
  for (const { router, branches } of routes) {
    const heard = agents[router]!;
    const taken = takenBy(heard);
    // Skipped for want of somebody who failed is no decision: that is a failure too.
    const wasSpared = heard.status === 'skipped' && heard.error?.code === 'agent-skipped';
    if (taken === null && !wasSpared) return null;
    if (taken?.some((branch) => branches.includes(branch)) === true) return null;
    reasons.push(taken === null ? `\`${router}\` was skipped` : `\`${router}\` took ${taken.join(', ')}`);
  }
  return reasons.length === 0 ? null : reasons.join(', ');
}
