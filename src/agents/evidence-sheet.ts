import type { EpochMs, Evidence, Missing, MissingReason } from '../core/index.ts';

/**
 * The numbers one agent is shown at one instant, what is always there first, so that its id stays from bar to bar.
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
  const text = String(Number(value.toPrecision(10)));
  const scientific = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (scientific === null) return text;
  // The digits are moved, not computed: toFixed and BigInt would add the binary number's own digits, or lose all of them.
  const [, sign, whole, fraction = '', exponent] = scientific;
  const digits = `${whole}${fraction}`;
  const shift = Number(exponent);
  return shift < 0
    ? `${sign}0.${'0'.repeat(-shift - 1)}${digits}`
    : `${sign}${digits.padEnd(shift + 1, '0')}`;
}
