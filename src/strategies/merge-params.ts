import { basename, extname } from 'node:path';
import { nearestWord, OrreryError } from '../core/index.ts';
import type { Params } from '../engine/index.ts';

/** A strategy's parameters with some given anew. @throws OrreryError `usage-invalid` for a name it does not have. */
export function mergeParams(strategy: string, own: Params, given: Params): Params {
  const known = Object.keys(own);
  for (const name of Object.keys(given)) {
    if (name in own) continue;
    const near = nearestWord(name, known);
    throw new OrreryError('usage-invalid', `${strategyName(strategy)} has no parameter "${name}"`, {
      hint:
        near === null
          ? `It has ${known.join(', ') || 'none'}.`
          : `Did you mean ${near}? It has ${known.join(', ')}.`,
    });
  }
  return { ...own, ...given };
}

/** What a strategy is called in results: its shipped name, or its file's name without the ending. */
export function strategyName(nameOrFile: string): string {
  return basename(nameOrFile, extname(nameOrFile));
}
