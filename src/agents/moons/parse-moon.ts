import { nearestWord, OrreryError } from '../../core/index.ts';
import * as families from './families.ts';
import type { Moon, MoonFamily } from './moon.ts';

/** Every registered family, by name of its export. */
export const moonFamilies: readonly MoonFamily[] = Object.values(families);

/** How a family is written in a desk: `ema-N`, `macd`. */
export function moonUsage(family: MoonFamily): string {
  return family.parameter === null ? family.family : `${family.family}-N`;
}

/**
 * The moon that a desk means by `name`, e.g. `ema-50` or `macd`.
 *
 * @throws OrreryError `moon-unknown` when there is none, or its number is missing, out of bounds or not wanted.
 */
export function parseMoon(name: string): Moon {
  const exact = moonFamilies.find((family) => family.family === name);
  if (exact?.parameter === null) return { name, ...exact.create() };
  if (exact)
    throw unknown(`the moon "${name}" needs a number`, `Write ${bounds(exact)}, such as ${name}-20.`);

  const [, familyName, digits] = /^(.+)-(\d+)$/.exec(name) ?? [];
  const family = moonFamilies.find((candidate) => candidate.family === familyName);
  if (!family) throw unknown(`there is no moon "${name}"`, suggestion(name));
  if (family.parameter === null) {
    throw unknown(`the moon "${familyName}" takes no number, got "${name}"`, `Write ${familyName}.`);
  }
  const parameter = Number(digits);
  const { min, max } = family.parameter;
  if (parameter < min || parameter > max || String(parameter) !== digits) {
    throw unknown(`the number in the moon "${name}" is not valid`, `Write ${bounds(family)}.`);
  }
  return { name, ...family.create(parameter) };
}

function unknown(message: string, hint: string): OrreryError {
  return new OrreryError('moon-unknown', message, { hint });
}

function bounds({ family, parameter }: MoonFamily): string {
  return `${family}-N with a whole number N from ${parameter?.min} to ${parameter?.max}`;
}

function suggestion(name: string): string {
  const number = /\d+/.exec(name)?.[0] ?? '20';
  const candidates = moonFamilies.map((family) => moonUsage(family).replace(/N$/, number));
  const [, withoutSuffix] = /^(.+)\.[a-z-]+$/.exec(name) ?? [];
  if (withoutSuffix !== undefined && candidates.includes(withoutSuffix)) {
    return `A moon brings all its values: write ${withoutSuffix}.`;
  }
  const near = nearestWord(name, candidates);
  const all = `Moons are ${moonFamilies.map(moonUsage).join(', ')}.`;
  return near === null ? all : `Did you mean ${near}? ${all}`;
}
