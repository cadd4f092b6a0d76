import { nearestWord, OrreryError } from '../core/index.ts';
import type { Params, Strategy } from '../engine/index.ts';

interface NamedStrategy {
  readonly name: string;
  readonly code: Strategy;
}

/**
 * Gives each parameter to those strategies that have it; each keeps its own of the others.
 * @throws OrreryError `usage-invalid` for a name that none has
 */
export function shareParams<Named extends NamedStrategy>(
  strategies: readonly Named[],
  given: Params,
): readonly { readonly strategy: Named; readonly params: Params }[] {
  const known = [...new Set(strategies.flatMap(({ code }) => Object.keys(code.params)))];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const names = strategies.map((one) => one.name).join(', ');
    const near = nearestWord(name, known);
    throw new OrreryError('usage-invalid', `none of ${names} has a parameter "${name}"`, {
      hint: `${near === null ? '' : `Did you mean ${near}? `}They have ${known.join(', ') || 'none'}.`,
    });
  }
  return strategies.map((strategy) => {
    const own = strategy.code.params;
    const taken = Object.entries(given).filter(([name]) => Object.hasOwn(own, name));
    return { strategy, params: { ...own, ...Object.fromEntries(taken) } };
  });
}
