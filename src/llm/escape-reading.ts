/** Of JSON and whatever else escapes by backslashes, or of URLs. */
export type Escapes = 'backslash' | 'percent';

/** Takes a character with the places where it, or the escape it was written as, begins and ends. */
type TakeCharacter = (code: number, start: number, end: number) => void;

interface Character {
  readonly code: number;
  readonly start: number;
  readonly end: number;
}

const backslash = 0x5c;
const percent = 0x25;
/** Escapes within escapes double their backslashes; beyond this nobody meant any. */
const longestRun = 64;

/**
 * Reads a text character by character and hands its characters on without escapes of one sort, however deep they are nested: what an
 * escape stands for may begin another one. Backslashes themselves are dropped.
 */
export class EscapeReading {
  readonly #escapes: Escapes;
  readonly #take: TakeCharacter;
  /** Where the escape that has begun begins; null outside of one. */
  #start: number | null = null;
  /** Its backslashes. */
  #run = 0;
  /** Its characters after those: a `u`, `x` or `%`, and digits. */
  #sign: readonly Character[] = [];

  constructor(escapes: Escapes, take: TakeCharacter) {
    this.#escapes = escapes;
    this.#take = take;
  }

  /** Where what has begun and is not decided begins; null for nothing. */
  get begun(): number | null {
    return this.#start;
  }

  /** A character that stands from `start` to `end`; each begins where the one before it ends. */
  read(code: number, start: number, end: number): void {
    if (this.#sign.length > 0) this.#readDigit(code, start, end);
    else if (code === backslash && this.#escapes === 'backslash') this.#readBackslash(start);
    else if (beginsEscape(code, this.#run > 0, this.#escapes)) {
      this.#sign = [{ code, start, end }];
      this.#start ??= start;
    } else this.#plain(code, start, end);
  }

  /** Hands on what had begun like an escape and is none. */
  end(): void {
    const sign = this.#sign;
    this.#sign = [];
    for (const { code, start, end } of sign) this.#plain(code, start, end);
    this.#leave();
  }

  #readBackslash(start: number): void {
    this.#run++;
    if (this.#start === null || this.#run > longestRun) {
      this.#start = start;
      this.#run = 1;
    }
  }

  #readDigit(code: number, start: number, end: number): void {
    if (!isHexadecimal(code)) {
      this.end();
      this.read(code, start, end);
      return;
    }
    this.#sign = [...this.#sign, { code, start, end }];
    const digits = this.#sign[0]?.code === 0x75 ? 4 : 2;
    if (this.#sign.length <= digits) return;
    const written = String.fromCharCode(...this.#sign.slice(1).map((one) => one.code));
    const began = this.#start ?? start;
    this.#leave();
    this.read(Number.parseInt(written, 16), began, end);
  }

  /** The first character after backslashes begins with them. */
  #plain(code: number, start: number, end: number): void {
    const began = this.#start ?? start;
    this.#leave();
    this.#take(code, began, end);
  }

  #leave(): void {
    this.#start = null;
    this.#run = 0;
    this.#sign = [];
  }
}

function beginsEscape(code: number, escaped: boolean, escapes: Escapes): boolean {
  return escapes === 'percent' ? code === percent : escaped && (code === 0x75 || code === 0x78);
}

function isHexadecimal(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** Reads the escapes of each sort out of what the one before leaves. */
export function chainReadings(sorts: readonly Escapes[], take: TakeCharacter): readonly EscapeReading[] {
  const readings: EscapeReading[] = [];
  for (const escapes of sorts.toReversed()) {
    const next = readings[0];
    const handOn: TakeCharacter = next === undefined ? take : (...character) => next.read(...character);
    readings.unshift(new EscapeReading(escapes, handOn));
  }
  return readings;
}

/** A whole text without its escapes. */
export function readAll(text: string, sorts: readonly Escapes[]): string {
  let read = '';
  const readings = chainReadings(sorts, (code) => {
    read += String.fromCharCode(code);
  });
  for (let at = 0; at < text.length; at++) readings[0]?.read(text.charCodeAt(at), at, at + 1);
  for (const reading of readings) reading.end();
  return read;
}
