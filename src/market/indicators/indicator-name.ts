import { nearestWord } from '../../core/index.ts';
import { indicatorFamilies } from './indicator-families.ts';
import type { IndicatorFamily, IndicatorParameter } from './indicator-family.ts';

/** One column of one indicator, such as `macd.signal`, which is short for `macd-12-26-9.signal`. */
export interface IndicatorName {
  readonly kind: 'indicator';
  readonly family: IndicatorFamily;
  /** One for each parameter of the family. */
  readonly parameters: readonly number[];
  /** A key of the family's outputs. */
  readonly output: string;
}

/** A name that stands for nothing: what is wrong with it, and what to write instead. */
export interface IndicatorNameFault {
  readonly kind: 'fault';
  readonly message: string;
  readonly hint: string;
}

/** Family, numbers and suffix. */
const pattern = /^([a-z]+(?:-[a-z]+)*)((?:-\d+(?:\.\d+)?)*)(?:\.([a-z]+(?:-[a-z]+)*))?$/;

/** What `name` stands for: `sma-20`, `rsi` (the usual period), `bollinger-20-2.5.upper`, `adx-14.plus-di`. */
export function parseIndicatorName(name: string): IndicatorName | IndicatorNameFault {
  const [, familyName, numbers = '', suffix] = pattern.exec(name) ?? [];
  const family = indicatorFamilies.find((candidate) => candidate.name === familyName);
  if (!family) return misnumbered(name) ?? fault(`there is no indicator "${name}"`, suggestion(name));

  const given = numbers.split('-').slice(1);
  const all = family.parameters.map((parameter, i) =>
    i < given.length ? Number(given[i]) : parameter.default,
  );
  const parameters = all.filter((value, i) => isWithin(value, family.parameters[i]));
  // No number has two spellings: then no indicator has two names by them.
  const asWritten = given.every((digits, i) => digits === String(all[i]));
  if (!asWritten || parameters.length < all.length) {
    return invalidNumbers(name, family);
  }
  const discord = family.fault?.(...parameters) ?? null;
  if (discord !== null)
    return fault(`the indicator "${name}" is not valid: ${discord}`, `Write ${usage(family)}.`);

  const outputs = Object.keys(family.outputs);
  const output = suffix ?? outputs[0];
  if (output === undefined || !outputs.includes(output)) {
    return fault(`the indicator "${familyName}" has no value "${suffix}"`, `Write ${withSuffixes(family)}.`);
  }
  return { kind: 'indicator', family, parameters, output };
}

/** How a family is written: `sma-PERIOD`, `macd-FAST-SLOW-SIGNAL`. */
export function indicatorUsage({ name, parameters }: IndicatorFamily): string {
  return [name, ...parameters.map((parameter) => parameter.name.toUpperCase())].join('-');
}

function isWithin(value: number | null, parameter: IndicatorParameter | undefined): value is number {
  if (value === null || parameter === undefined) return false;
  return value >= parameter.min && value <= parameter.max && (!parameter.whole || Number.isInteger(value));
}

function fault(message: string, hint: string): IndicatorNameFault {
  return { kind: 'fault', message, hint };
}

/** What numbers come to in a strategy's code that no indicator takes: negative, tiny or none at all. */
const oddNumbers = /^(?:-(?:-?[\d.]+(?:e[+-]?\d+)?|-?Infinity|NaN|undefined))+(?:\.[a-z-]+)?$/;

/** Null for a name that does not begin with a family's. */
function misnumbered(name: string): IndicatorNameFault | null {
  const family = indicatorFamilies.find(
    (one) => name.startsWith(one.name) && oddNumbers.test(name.slice(one.name.length)),
  );
  return family === undefined ? null : invalidNumbers(name, family);
}

function invalidNumbers(name: string, family: IndicatorFamily): IndicatorNameFault {
  return fault(`the numbers in the indicator "${name}" are not valid`, `Write ${usage(family)}.`);
}

function usage(family: IndicatorFamily): string {
  if (family.parameters.length === 0) return `${family.name}, which takes no number`;
  const bounds = family.parameters.map(({ name, whole, min, max, default: standard }) => {
    const kind = whole ? 'a whole number' : 'a number';
    const absent = standard === null ? '' : ` (${standard} when left out)`;
    return `${name.toUpperCase()} ${kind} from ${min} to ${max}${absent}`;
  });
  return `${indicatorUsage(family)} with ${bounds.join(', ')}`;
}

function withSuffixes({ name, outputs }: IndicatorFamily): string {
  return Object.keys(outputs)
    .map((suffix) => (suffix === '' ? name : `${name}.${suffix}`))
    .join(', ');
}

function suggestion(name: string): string {
  const given = name.toLowerCase();
  const [, word = given] = pattern.exec(given) ?? /^(.*?)(?:-\d.*)?$/.exec(given) ?? [];
  const names = indicatorFamilies.map((family) => family.name);
  const nearest = nearestWord(word, names);
  const near = nearest === null ? names.filter((one) => word !== '' && one.startsWith(word)) : [nearest];
  if (near.length === 0) return 'Names are written like sma-20, rsi-14 or macd.signal.';
  return `Did you mean ${near.map((one) => (pattern.test(given) ? given.replace(word, one) : one)).join(' or ')}?`;
}
