import type { Routing } from './ensemble-document.ts';
import type { PreparedEnsemble } from './prepare-ensemble.ts';
import { routedElsewhere, takenBy } from './routes.ts';
import type { AgentResult } from './run-graph.ts';
import type { Answer, Work } from './runner.ts';
import { heardFrom } from './scope.ts';
import type { Tally } from './tally.ts';

/** Whom routers spared, and what that saved; null where nobody routes. */
export function routingOf(
  { agents }: PreparedEnsemble,
  results: readonly AgentResult<Answer>[],
  tally: Tally,
): Routing | null {
  const routers = new Set([...agents.values()].flatMap(({ routes }) => routes.map(({ router }) => router)));
  if (routers.size === 0) return null;
  const heard = Object.fromEntries(results.map((result) => [result.name, heardFrom(result)]));
  const spared = new Set<string>();
  // Results stand in the order of the plan: whoever an agent needs was looked at before it.
  for (const { name, status } of results) {
    const { routes, spec } = agents.get(name)!;
    const wasNeeded = routedElsewhere(routes, heard) === null;
    if (status === 'skipped' && (!wasNeeded || spec.required.some((needed) => spared.has(needed)))) {
      spared.add(name);
    }
  }
  const names = [...spared];
  return {
    taken: Object.fromEntries(
      [...routers].flatMap((router) => {
        const taken = takenBy(heard[router]!);
        return taken === null ? [] : [[router, taken] as const];
      }),
    ),
    spared: names,
    callsSaved: names.reduce((sum, name) => sum + questionsOf(agents.get(name)!.work), 0),
    routerCalls: [...routers].reduce((sum, router) => sum + tally.of(router).calls, 0),
  };
}

/** Who has no model would not have asked one. */
function questionsOf({ questions = 0, unusable = null }: Work): number {
  return unusable === null ? questions : 0;
}
