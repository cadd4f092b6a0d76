import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { firstLineOf, nearestWord, OrreryError } from '../core/index.ts';
import type { Strategy } from '../engine/index.ts';
import { runOwnFile } from '../own-code.ts';
import { shippedStrategies } from './shipped.ts';

/**
 * A shipped strategy by its name, or one's own by its file (`.ts`, `.mjs`, `.js`; absolute), whose default export is what
 * `defineStrategy` from `orrery-desk` gave. The file is run: only name files you trust.
 * @throws OrreryError `strategy-not-found`, `strategy-invalid`
 */
export async function loadStrategy(nameOrFile: string): Promise<Strategy> {
  const shipped = shippedStrategies.get(nameOrFile);
  if (shipped !== undefined) return shipped;
  if (!existsSync(nameOrFile) || !statSync(nameOrFile).isFile()) throw notFound(nameOrFile);
  const exported = await evaluate(nameOrFile);
  if (exported !== null) return exported;
  throw new OrreryError('strategy-invalid', `${nameOrFile} does not export a strategy`, {
    hint: "Write: export default defineStrategy({ params, indicators, next }), imported from 'orrery-desk'.",
  });
}

async function evaluate(file: string): Promise<Strategy | null> {
  try {
    const exported = await runOwnFile(file);
    // Asked here, because what it has may be getters that throw.
    return isStrategy(exported) ? exported : null;
  } catch (cause) {
    throw new OrreryError('strategy-invalid', `${file} cannot be run: ${firstLineOf(cause)}`, {
      hint: 'Mend the file; --verbose shows where.',
      cause,
    });
  }
}

function isStrategy(value: unknown): value is Strategy {
  if (typeof value !== 'object' || value === null) return false;
  const { params, indicators, next } = value as { readonly [key: string]: unknown };
  return (
    typeof next === 'function' &&
    typeof indicators === 'function' &&
    typeof params === 'object' &&
    params !== null &&
    Object.values(params).every((parameter) => typeof parameter === 'number')
  );
}

function notFound(name: string): OrreryError {
  const known = [...shippedStrategies.keys()];
  const near = nearestWord(name, known);
  return new OrreryError('strategy-not-found', `there is no strategy "${name}", and no file of that name`, {
    hint: `${near === null ? '' : `Did you mean ${near}? `}Shipped: ${known.join(', ')}. A path to a .ts or .mjs file works too.`,
  });
}

/** Names the rules themselves: a file's by its content, so that an edited strategy is another variant. */
export function strategyKey(nameOrFile: string): string {
  if (shippedStrategies.has(nameOrFile)) return nameOrFile;
  return createHash('sha256').update(readFileSync(nameOrFile)).digest('hex');
}
