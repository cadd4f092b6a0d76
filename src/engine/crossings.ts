import type { Conventions } from '../trading/index.ts';
import type { Lines } from './lines.ts';

/** Where lines of a strategy pass each other, or a level: each pair is followed from bar to bar. */
export class Crossings {
  readonly #lines: Lines;
  readonly #ties: Conventions['ties'];
  readonly #pairs: Pair[] = [];
  /** Asked for last, and so probably next. */
  #last: Pair;

  constructor(lines: Lines, ties: Conventions['ties']) {
    this.#lines = lines;
    this.#ties = ties;
    this.#last = new Pair('', 0, ties);
  }

  /** 1 when `line` has passed `other` upwards with bar `index`, −1 when downwards, else 0. No bar before the last one asked about. */
  at(line: string, other: string | number, index: number): number {
    let pair = this.#last;
    if (pair.line !== line || pair.other !== other) {
      pair = this.#find(line, other);
      this.#last = pair;
    }
    if (pair.bar !== index) pair.follow(this.#lines, index);
    return pair.sign;
  }

  #find(line: string, other: string | number): Pair {
    const known = this.#pairs.find((pair) => pair.line === line && pair.other === other);
    if (known !== undefined) return known;
    const pair = new Pair(line, other, this.#ties);
    this.#pairs.push(pair);
    return pair;
  }
}

class Pair {
  readonly line: string;
  readonly other: string | number;
  /** Up to which it has been followed. */
  bar = -1;
  /** What happened at that bar. */
  sign = 0;
  readonly #remembers: boolean;
  /** On which side the first one was: of the bar before, or, where ties are remembered, when they last differed. */
  #side = 0;
  #upper: Float64Array = nothing;
  /** Null for a level. */
  #lower: Float64Array | null = null;
  /** Up to which bar, not included, the lines are where they were last found. */
  #end = 0;

  constructor(line: string, other: string | number, ties: Conventions['ties']) {
    this.line = line;
    this.other = other;
    this.#remembers = ties === 'remembered';
  }

  follow(lines: Lines, index: number): void {
    if (index >= this.#end) this.#find(lines);
    while (this.bar < index) this.#next();
  }

  #next(): void {
    const at = ++this.bar;
    const lower = this.#lower;
    const side = sideOf(this.#upper[at]!, lower === null ? (this.other as number) : lower[at]!);
    this.sign = 0;
    const before = this.#side;
    if (side === before) return;
    if (side * before < 0) this.sign = side;
    if (side !== 0 || !this.#remembers) this.#side = side;
  }

  #find(lines: Lines): void {
    const { other } = this;
    this.#upper = lines.column(this.line);
    this.#lower = typeof other === 'number' ? null : lines.column(other);
    this.#end = lines.end;
  }
}

const nothing = new Float64Array(0);

/** Two sums of the same numbers in another order differ by less than this share of their value: that is a tie. */
const tie = 1e-12;

/** 0 for a tie, and where either is not known. */
function sideOf(one: number, other: number): number {
  const difference = one - other;
  const least = tie * Math.abs(other);
  return difference > least ? 1 : difference < -least ? -1 : 0;
}
