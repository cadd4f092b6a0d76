import type { Conventions } from '../trading/index.ts';
import type { Lines } from './lines.ts';

const nothing: Float64Array = new Float64Array(0);

/** Where lines of a strategy pass each other, or a level. */
export class Crossings {
  readonly #lines: Lines;
  readonly #remembers: boolean;
  readonly #pairs: Pair[] = [];
  /** Asked for last, and so probably next. */
  #last: Pair = new Pair('', '');

  constructor(lines: Lines, ties: Conventions['ties']) {
    this.#lines = lines;
    this.#remembers = ties === 'remembered';
  }

  /** 1 when `line` has passed `other` upwards with bar `index`, −1 when downwards, else 0. */
  at(line: string, other: string | number, index: number): number {
    // A level may be another at every bar: there is nothing to keep of it.
    if (typeof other === 'number') return this.#signOf(this.#lines.column(line), null, other, index);
    let pair = this.#last;
    if (pair.line !== line || pair.other !== other) {
      pair = this.#find(line, other);
      this.#last = pair;
    }
    if (pair.bar !== index) {
      if (index >= pair.end) pair.renew(this.#lines);
      pair.sign = this.#signOf(pair.upper, pair.lower, 0, index);
      pair.bar = index;
    }
    return pair.sign;
  }

  /** On which side the first one was before: at the bar before, or, where ties are remembered, when they last differed. */
  #signOf(upper: Float64Array, lower: Float64Array | null, level: number, index: number): number {
    const side = sideOf(upper[index]!, lower === null ? level : lower[index]!);
    if (side === 0) return 0;
    for (let at = index - 1; at >= 0; at--) {
      const before = sideOf(upper[at]!, lower === null ? level : lower[at]!);
      if (before !== 0 || !this.#remembers) return before * side < 0 ? side : 0;
    }
    return 0;
  }

  #find(line: string, other: string): Pair {
    const known = this.#pairs.find((pair) => pair.line === line && pair.other === other);
    if (known !== undefined) return known;
    const pair = new Pair(line, other);
    this.#pairs.push(pair);
    return pair;
  }
}

class Pair {
  readonly line: string;
  readonly other: string;
  /** The bar last asked about, and what happened there: both directions are asked for one after the other. */
  bar = -1;
  sign = 0;
  upper = nothing;
  lower = nothing;
  /** Up to which bar, not included, the lines are where they were last found. */
  end = 0;

  constructor(line: string, other: string) {
    this.line = line;
    this.other = other;
  }

  renew(lines: Lines): void {
    this.upper = lines.column(this.line);
    this.lower = lines.column(this.other);
    this.end = lines.end;
  }
}

/** Two sums of the same numbers in another order differ by less than this share of their value: that is a tie. */
const tie = 1e-12;

/** 0 for a tie, and where either is not known. */
function sideOf(one: number, other: number): number {
  const difference = one - other;
  const least = tie * Math.abs(other);
  return difference > least ? 1 : difference < -least ? -1 : 0;
}
