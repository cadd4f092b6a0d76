import { sideOf } from '../side-of.ts';

/** 1 at each bar from `first` on where `test` holds. It may look at the bar and those before it, never further. */
export function criticalWhere(length: number, first: number, test: (index: number) => boolean): Uint8Array {
  const critical = new Uint8Array(length);
  for (let i = first; i < length; i++) if (test(i)) critical[i] = 1;
  return critical;
}

/**
 * `line` was on one side of `other`, or on it, at the bar before, and is on the other side at `index`; `close` is the
 * scale on which they are equal.
 */
export function crosses(
  line: Float64Array,
  other: Float64Array,
  close: Float64Array,
  index: number,
): boolean {
  const side = (i: number) => sideOf(line[i]! - other[i]!, close[i]!);
  return side(index) !== 0 && side(index) !== side(index - 1);
}
