/** What commonly looks like a key, for keys that are not ours: a gateway may echo the one it uses itself. */
interface KeyShape {
  /** Begins a word. */
  readonly prefix: string;
  /** White space stands behind the prefix. */
  readonly gap: boolean;
  readonly body: ReadonlySet<number>;
  /** Characters of the body that make it a key. */
  readonly shortest: number;
}

const codesOf = (characters: string): ReadonlySet<number> =>
  new Set([...characters].map((one) => one.charCodeAt(0)));
const letters = 'abcdefghijklmnopqrstuvwxyz';
const word = `${letters}${letters.toUpperCase()}0123456789_`;
const wordCodes = codesOf(word);
const spaceCodes = codesOf(' \t\n\r');
/** A header has one space there; a text of nothing but white space is no key. */
const longestGap = 32;

const shapes: readonly KeyShape[] = [
  ...['sk-', 'gsk_', 'xai-', 'AIza'].map((prefix) => ({
    ...{ prefix, gap: false, shortest: 16 },
    body: codesOf(`${word}-`),
  })),
  { prefix: 'Bearer', gap: true, shortest: 20, body: codesOf(`${word}.~+/-`) },
];

/** What may begin one. */
export const shapePrefixes: readonly string[] = shapes.map(({ prefix }) => prefix);

interface Attempt {
  readonly shape: KeyShape;
  readonly start: number;
  prefix: number;
  gap: number;
  body: number;
}

/** Reads a text character by character and finds what is shaped like a key. */
export class ShapeReading {
  readonly #found: (start: number, end: number) => void;
  #attempts: Attempt[] = [];
  #afterWord = false;

  constructor(found: (start: number, end: number) => void) {
    this.#found = found;
  }

  get isIdle(): boolean {
    return this.#attempts.length === 0;
  }

  /** Where the first begins that is no key yet and may become one; null for none. A key is found again with each character it goes on by. */
  get begun(): number | null {
    return this.#attempts.find(({ shape, body }) => body < shape.shortest)?.start ?? null;
  }

  read(code: number, at: number): void {
    if (this.#attempts.length > 0) this.#attempts = this.#attempts.filter((attempt) => goesOn(attempt, code));
    const inWord = wordCodes.has(code);
    if (inWord && !this.#afterWord) this.#begin(code, at);
    this.#afterWord = inWord;
    for (const { shape, start, body } of this.#attempts)
      if (body >= shape.shortest) this.#found(start, at + 1);
  }

  /** Takes notice of what was read elsewhere, in which nothing begins: only its last character counts. */
  skipTo(code: number): void {
    this.#afterWord = wordCodes.has(code);
  }

  /** Within the body of a shape without a gap the same shape has begun already, and covers whatever would begin there. */
  #begin(code: number, at: number): void {
    for (const shape of shapes) {
      if (shape.prefix.charCodeAt(0) !== code) continue;
      if (!shape.gap && this.#attempts.some((one) => one.shape === shape && one.body > 0)) continue;
      this.#attempts.push({ shape, start: at, prefix: 1, gap: 0, body: 0 });
    }
  }
}

/** Whether it is still one after this character. */
function goesOn(attempt: Attempt, code: number): boolean {
  const { shape } = attempt;
  if (attempt.prefix < shape.prefix.length) return shape.prefix.charCodeAt(attempt.prefix++) === code;
  if (shape.gap && attempt.body === 0 && spaceCodes.has(code)) return ++attempt.gap <= longestGap;
  if (shape.gap && attempt.gap === 0) return false;
  if (!shape.body.has(code)) return false;
  attempt.body++;
  return true;
}
