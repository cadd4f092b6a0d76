import { storableText } from './storable-text.ts';

/** Capital has at most 1e15 and prices lie within 1e-18 … 1e18: no account of theirs comes anywhere near. */
const mostAmount = 1e100;

export function isMovedAmount(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= mostAmount;
}

/** Text that a column takes as it is. */
export function isStorable(value: unknown): value is string {
  return typeof value === 'string' && storableText(value) === value;
}
