import { OrreryError } from '../core/index.ts';
import type { Params } from './strategy.ts';

/** A parameter to be tried at `from`, `from` + `step`, … as far as `to`. */
export interface SweepRange {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Above 0. */
  readonly step: number;
}

export interface SweepAxis {
  readonly name: string;
  /** Ascending. */
  readonly values: readonly number[];
}

/** Every combination of the values of several parameters, numbered from 0; the last parameter changes fastest. */
export interface SweepGrid {
  readonly axes: readonly SweepAxis[];
  /** Parameters that are the same in all of them. */
  readonly fixed: Params;
  readonly combinations: number;
}

/** What the results of a sweep may number. */
const mostCombinations = 1_000_000;

/** @throws OrreryError `usage-invalid` for a range that makes no sense, a parameter twice, and too many combinations */
export function sweepGrid(ranges: readonly SweepRange[], fixed: Params): SweepGrid {
  const twice = ranges.find(({ name }, at) => ranges.findIndex((other) => other.name === name) < at);
  if (twice !== undefined) {
    throw new OrreryError('usage-invalid', `the parameter ${twice.name} is swept twice`, {
      hint: 'Give each parameter one --sweep.',
    });
  }
  const steps = ranges.map(stepsOf);
  const combinations = steps.reduce((product, { count }) => product * count, 1);
  if (combinations > mostCombinations) {
    throw new OrreryError(
      'usage-invalid',
      `a sweep of ${combinations} combinations; at most ${mostCombinations} can be tried`,
      { hint: 'Take larger steps, or sweep fewer parameters at once.' },
    );
  }
  const axes = ranges.map(({ name }, at) => ({ name, values: valuesOf(steps[at]!) }));
  return { axes, fixed, combinations };
}

/** The parameters of combination `index`. */
export function combinationAt({ axes, fixed }: SweepGrid, index: number): Params {
  const own: Record<string, number> = { ...fixed };
  let rest = index;
  for (const { name, values } of axes.toReversed()) {
    own[name] = values[rest % values.length]!;
    rest = Math.floor(rest / values.length);
  }
  return own;
}

/** A range in whole units of its last decimal, where sums leave no dust. */
interface Steps {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
  readonly unitsInOne: number;
}

function stepsOf({ name, from, to, step }: SweepRange): Steps {
  if (!(step > 0)) throw refused(name, `its step is ${step}`, 'A step is above 0.');
  if (!(from <= to)) throw refused(name, `it goes from ${from} down to ${to}`, 'Give the lower end first.');
  const unitsInOne = 10 ** Math.max(decimalsOf(from), decimalsOf(step));
  const first = Math.round(from * unitsInOne);
  const stride = Math.round(step * unitsInOne);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(stride)) {
    throw refused(name, 'its numbers have more digits than can be told apart', 'Write fewer decimals.');
  }
  // A last step that rounding alone puts beyond the end is one of the range.
  const count = Math.floor((to * unitsInOne - first) / stride + 1e-9) + 1;
  return { first, stride, count, unitsInOne };
}

function valuesOf({ first, stride, count, unitsInOne }: Steps): readonly number[] {
  return Array.from({ length: count }, (_, place) => (first + place * stride) / unitsInOne);
}

function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

function refused(name: string, what: string, hint: string): OrreryError {
  return new OrreryError('usage-invalid', `the sweep of ${name} makes no sense: ${what}`, { hint });
}
