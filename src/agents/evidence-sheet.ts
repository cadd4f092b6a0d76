import type { EpochMs, Evidence, Missing, MissingReason } from '../core/index.ts';

/**
 * The numbers one agent is shown at one instant, in a fixed order so that an id means the same thing on every bar.
 * A missing input keeps its place and its id, with no value.
 */
export class EvidenceSheet {
  readonly #at: EpochMs;
  readonly #evidence: Evidence[] = [];
  readonly #missing: Missing[] = [];
  readonly #byName = new Map<string, Evidence>();

  constructor(at: EpochMs) {
    this.#at = at;
  }

  get evidence(): readonly Evidence[] {
    return this.#evidence;
  }

  get missing(): readonly Missing[] {
    return this.#missing;
  }

  /** Share of the inputs that are there, 0 … 1. */
  get coverage(): number {
    if (this.#evidence.length === 0) return 0;
    return (this.#evidence.length - this.#missing.length) / this.#evidence.length;
  }

  add(
    name: string,
    value: number,
    unit: string,
    times?: { readonly eventAt: EpochMs; readonly knownAt: EpochMs },
  ): void {
    this.#put(name, value, unit, times);
  }

  lack(name: string, reason: MissingReason): void {
    this.#missing.push({ name, reason });
    this.#put(name, null, '');
  }

  /** The value of a number on the sheet; null when it is missing or was never asked for. */
  value(name: string): number | null {
    return this.#byName.get(name)?.value ?? null;
  }

  /** Ids of the named numbers that are on the sheet. */
  ids(...names: readonly string[]): readonly string[] {
    return names.flatMap((name) => this.#byName.get(name)?.id ?? []);
  }

  /** `[ID] NAME = VALUE UNIT`, one to a line. */
  lines(): string {
    const reasons = new Map(this.#missing.map((missing) => [missing.name, missing.reason]));
    return this.#evidence
      .map(({ id, name, value, unit }) =>
        value === null
          ? `[${id}] ${name} missing: ${reasons.get(name)}`
          : `[${id}] ${name} = ${plainDecimal(value)}${unit === '' ? '' : ` ${unit}`}`,
      )
      .join('\n');
  }

  #put(
    name: string,
    value: number | null,
    unit: string,
    times?: { readonly eventAt: EpochMs; readonly knownAt: EpochMs },
  ): void {
    const id = `e${this.#evidence.length + 1}`;
    const item = {
      id,
      name,
      value,
      unit,
      eventAt: times?.eventAt ?? this.#at,
      knownAt: times?.knownAt ?? this.#at,
    };
    this.#evidence.push(item);
    this.#byName.set(name, item);
  }
}

/** Ten significant digits without an exponent: what a model reads and a person can check. */
function plainDecimal(value: number): string {
  const rounded = Number(value.toPrecision(10));
  const text = String(rounded);
  if (!text.includes('e')) return text;
  return Math.abs(rounded) < 1
    ? rounded.toFixed(20).replace(/0+$/, '').replace(/\.$/, '')
    : BigInt(Math.round(rounded)).toString();
}
