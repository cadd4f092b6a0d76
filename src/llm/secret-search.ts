import { chainReadings, type EscapeReading, type Escapes } from './escape-reading.ts';
import { ShapeReading, shapePrefixes } from './key-shapes.ts';
import { plantWords, type WordNode } from './word-tree.ts';

interface Found {
  readonly start: number;
  readonly end: number;
}

/** A text as it comes, with its secrets replaced. Whatever the pieces, joined it is the same. */
export interface RedactedText {
  /** Takes the next piece, and gives as much as is sure: no secret can have begun in it. */
  push(piece: string): string;
  /** The rest. */
  end(): string;
}

/** A text is read in several ways at once, since what looks like an escape may be a part of the secret. The first is as it stands. */
export const waysToRead: readonly (readonly Escapes[])[] = [
  [],
  ['backslash'],
  ['backslash', 'percent', 'backslash'],
];

/** What is searched for: words, however they are escaped, and whatever is shaped like a key. */
export interface SecretSearch {
  readonly root: WordNode;
  readonly longest: number;
  /** Whether anything can begin with two characters of ASCII, at 128 times the code of the first plus that of the second. */
  readonly beginnings: Uint8Array;
}

export function prepareSearch(words: readonly string[]): SecretSearch {
  const beginnings = new Uint8Array(128 * 128);
  for (const sign of '\\%') {
    const code = sign.charCodeAt(0);
    beginnings.fill(1, 128 * code, 128 * (code + 1));
    for (const begun of [...words, ...shapePrefixes])
      beginnings[128 * (begun.charCodeAt(0) & 127) + code] = 1;
  }
  for (const begun of [...words, ...shapePrefixes]) {
    beginnings[128 * (begun.charCodeAt(0) & 127) + (begun.charCodeAt(1) & 127)] = 1;
  }
  return { root: plantWords(words), longest: Math.max(1, ...words.map(({ length }) => length)), beginnings };
}

/** Finds the words in one reading of a text. */
class WordReading {
  readonly #search: SecretSearch;
  readonly #escapes: readonly EscapeReading[];
  /** Where the last characters began, as many as the longest word has. */
  readonly #starts: number[] = [];
  #node: WordNode;
  #count = 0;

  constructor(search: SecretSearch, sorts: readonly Escapes[], found: (start: number, end: number) => void) {
    this.#search = search;
    this.#node = search.root;
    const take = (code: number, start: number, end: number) => {
      this.#starts[this.#count++ % search.longest] = start;
      this.#node = this.#node.next(code);
      if (this.#node.whole > 0) found(this.#startOf(this.#node.whole), end);
    };
    this.#escapes = chainReadings(sorts, take);
    const [first] = this.#escapes;
    this.read = first === undefined ? take : (...character) => first.read(...character);
  }

  /** Takes the next character and where it begins and ends. */
  readonly read: (code: number, start: number, end: number) => void;

  end(): void {
    for (const escapes of this.#escapes) escapes.end();
  }

  get isIdle(): boolean {
    return this.#node === this.#search.root && this.#escapes.every(({ begun }) => begun === null);
  }

  /** Where the first word that may yet come begins; null for none. What is read last began first. */
  get begun(): number | null {
    if (this.#node.begun > 0) return this.#startOf(this.#node.begun);
    return this.#escapes.findLast(({ begun }) => begun !== null)?.begun ?? null;
  }

  #startOf(length: number): number {
    return this.#starts[(this.#count - length) % this.#search.longest]!;
  }
}

/** Replaces what is found in a text, in whichever way it is read. Secrets that overlap are replaced as one. */
export class SecretReading implements RedactedText {
  readonly #search: SecretSearch;
  readonly #words: readonly WordReading[];
  readonly #shapes: ShapeReading;
  #found: Found[] = [];
  /** What was read and not given yet, and how much was given before it. */
  #held = '';
  #given = 0;

  constructor(search: SecretSearch) {
    this.#search = search;
    const found = (start: number, end: number) => void this.#found.push({ start, end });
    this.#words = waysToRead.map((sorts) => new WordReading(search, sorts, found));
    this.#shapes = new ShapeReading(found);
  }

  push(piece: string): string {
    let given = '';
    const offset = this.#given + this.#held.length;
    this.#held += piece;
    for (let at = this.#skip(piece, 0); at < piece.length; at = this.#skip(piece, at + 1)) {
      const code = piece.charCodeAt(at);
      for (const words of this.#words) words.read(code, offset + at, offset + at + 1);
      this.#shapes.read(code, offset + at);
      if (this.#found.length > 0) given += this.#giveUpTo(this.#begun(offset + at + 1));
    }
    return given + this.#giveUpTo(this.#begun(offset + piece.length));
  }

  end(): string {
    for (const words of this.#words) words.end();
    return this.#giveUpTo(this.#given + this.#held.length);
  }

  /** The next place at which something begins or has begun: most of a text is neither, and is passed over quickly. */
  #skip(piece: string, from: number): number {
    if (!this.#shapes.isIdle || this.#words.some((words) => !words.isIdle)) return from;
    const { beginnings } = this.#search;
    let at = from;
    for (let [code, next] = [piece.charCodeAt(at), 0]; at < piece.length; at++, code = next) {
      next = piece.charCodeAt(at + 1);
      // Of the last one of a piece nothing is known, nor of what is beyond ASCII.
      if (!(code < 128 && next < 128) || beginnings[128 * code + next] === 1) break;
    }
    if (at > from) this.#shapes.skipTo(piece.charCodeAt(at - 1));
    return at;
  }

  #begun(end: number): number {
    const places = [...this.#words, this.#shapes].map(({ begun }) => begun ?? end);
    return Math.min(end, ...places);
  }

  /** What begins before something that was given is a part of it, or more of it: there is a key, and it goes on. */
  #giveUpTo(place: number): string {
    let given = '';
    const take = (end: number) => {
      const taken = this.#held.slice(0, Math.max(0, end - this.#given));
      this.#held = this.#held.slice(taken.length);
      this.#given += taken.length;
      return taken;
    };
    const sure = this.#found.filter(({ start }) => start < place).sort((a, b) => a.start - b.start);
    if (sure.length > 0) this.#found = this.#found.filter(({ start }) => start >= place);
    for (const { start, end } of sure) {
      if (start >= this.#given) given += `${take(start)}[redacted]`;
      take(end);
    }
    return given + take(place);
  }
}
