import type { Conventions } from '../trading/index.ts';
import type { Lines } from './lines.ts';

/** Where lines of a strategy pass each other, or a level: found once for all bars there are, then looked up. */
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

  /** 1 when `line` has passed `other` upwards with bar `index`, −1 when downwards, else 0. */
  at(line: string, other: string | number, index: number): number {
    let pair = this.#last;
    if (pair.line !== line || pair.other !== other) {
      pair = this.#find(line, other);
      this.#last = pair;
    }
    return index < pair.end ? pair.signs[index]! : pair.extend(this.#lines)[index]!;
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
  signs = new Int8Array(0);
  end = 0;
  readonly #ties: Conventions['ties'];
  /** On which side the first one was: of the bar before, or, where ties are remembered, when they last differed. */
  #side = 0;

  constructor(line: string, other: string | number, ties: Conventions['ties']) {
    this.line = line;
    this.other = other;
    this.#ties = ties;
  }

  extend(lines: Lines): Int8Array {
    const upper = lines.column(this.line);
    const level = typeof this.other === 'number' ? this.other : 0;
    const lower = typeof this.other === 'number' ? null : lines.column(this.other);
    if (this.signs.length < lines.end) {
      const roomier = new Int8Array(Math.max(lines.end, 2 * this.signs.length));
      roomier.set(this.signs);
      this.signs = roomier;
    }
    const remembers = this.#ties === 'remembered';
    let before = this.#side;
    for (let at = this.end; at < lines.end; at++) {
      const side = sideOf(upper[at]!, lower === null ? level : lower[at]!);
      this.signs[at] = before * side < 0 ? side : 0;
      if (side !== 0 || !remembers) before = side;
    }
    this.#side = before;
    this.end = lines.end;
    return this.signs;
  }
}

/** Two sums of the same numbers in another order differ by less than this share of their value: that is a tie. */
const tie = 1e-12;

/** 0 for a tie, and where either is not known. */
function sideOf(one: number, other: number): number {
  const difference = one - other;
  if (Math.abs(difference) <= tie * Math.abs(other)) return 0;
  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}
