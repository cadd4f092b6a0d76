import { createRandom, type Random } from '../../core/index.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';

export interface TimedTrade {
  /** Entered at the open of this bar. */
  readonly entryBar: number;
  /** Left at the open of this bar; at its close when it is the entry bar. */
  readonly exitBar: number;
  /** 1 long, −1 short. */
  readonly direction: 1 | -1;
  /** Value of the position at entry as a share of equity then, above 0; 1 is all of it. */
  readonly fraction: number;
  /**
   * What it brought after costs, as a fraction of its value at entry; when left out, what it brings from open to open.
   * Needed for trades that left inside a bar: their bar's open knows nothing of the stop that ended them.
   */
  readonly earned?: number;
}

export interface RandomEntryInput {
  /** Prices per bar, of one length. */
  readonly open: Float64Array;
  readonly close: Float64Array;
  readonly trades: readonly TimedTrade[];
  /** What one side costs, as a fraction of the value traded. */
  readonly costPerSide: number;
  readonly seed: number;
  /** Default 1000. */
  readonly runs?: number;
}

export interface RandomEntry {
  readonly runs: number;
  /** What the trades brought, compounded. */
  readonly returnPct: number;
  /** Final returns of the random runs. */
  readonly randomReturnPct: Percentiles;
  /** (1 + random runs that did as well or better) / (1 + runs): Phipson & Smyth (2010). Never 0. */
  readonly pValue: number;
}

/**
 * Whether the moments of entry mattered: the same trades (sides, sizes, holding times) in a random order at random
 * places, one after another without overlap, at the same costs. The random trades enter and leave at opens: a stop
 * becomes an exit by time. The work is proportional to runs × trades, whatever the number of bars.
 *
 * Null without trades, and when they would not fit one after another (positions held side by side).
 *
 * @throws RangeError for a trade that leaves the bars, and for `runs` under 1.
 */
export function randomEntry(input: RandomEntryInput): RandomEntry | null {
  const { open, trades, runs = 1000 } = input;
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError(`runs is 1 or more; got ${runs}`);
  for (const { entryBar, exitBar } of trades) requireBars(entryBar, exitBar, open.length);
  const plan = planOf(trades);
  const free = open.length - 1 - plan.span;
  if (trades.length === 0 || free < 0) return null;

  const own = ownValue(input, plan);
  const values = randomValues(input, plan, free, runs);
  if (!Number.isFinite(own) || !values.every(Number.isFinite)) return null;
  // Runs whose factors are the same in another order differ in the last digits only: that counts as equal.
  const threshold = own - 1e-9 * Math.abs(own);
  const asGood = values.reduce((count, value) => (value >= threshold ? count + 1 : count), 0);
  return {
    runs,
    returnPct: (own - 1) * 100,
    randomReturnPct: percentilesOf(values.map((value) => (value - 1) * 100).sort()),
    pValue: (1 + asGood) / (1 + runs),
  };
}

/** Of 1 at the start, all trades as they were, compounded. */
function ownValue(input: RandomEntryInput, plan: Plan): number {
  const { trades } = input;
  if (trades.some(({ earned }) => earned === undefined)) {
    const asGiven = Int32Array.from(trades.keys());
    return finalValue(
      input,
      plan,
      asGiven,
      Float64Array.from(trades, ({ entryBar }) => entryBar),
    );
  }
  let value = 1;
  for (const { fraction, earned = 0 } of trades) value *= Math.max(0, 1 + fraction * earned);
  return value;
}

/** The trades as columns, and the bars that they fill in all: one at least for each. */
interface Plan {
  readonly held: Int32Array;
  /** Signed: negative for a short. */
  readonly fraction: Float64Array;
  readonly span: number;
}

function planOf(trades: readonly TimedTrade[]): Plan {
  const held = Int32Array.from(trades, ({ entryBar, exitBar }) => exitBar - entryBar);
  return {
    held,
    fraction: Float64Array.from(trades, ({ direction, fraction }) => direction * fraction),
    span: held.reduce((span, bars) => span + Math.max(1, bars), 0),
  };
}

function randomValues(input: RandomEntryInput, plan: Plan, free: number, runs: number): Float64Array {
  const random = createRandom(input.seed);
  const order = Int32Array.from(plan.held.keys());
  const entries = new Float64Array(order.length);
  return Float64Array.from({ length: runs }, () => {
    shuffle(order, random);
    placeEntries(entries, order, plan, free, random);
    return finalValue(input, plan, order, entries);
  });
}

/**
 * Spreads the free bars by sorted uniform numbers; sums of exponential ones are sorted as they are drawn (Devroye,
 * "Non-uniform random variate generation", 1986, V.2.2).
 */
function placeEntries(
  entries: Float64Array,
  order: Int32Array,
  plan: Plan,
  free: number,
  random: Random,
): void {
  let sum = 0;
  for (let turn = 0; turn < order.length; turn++) {
    sum -= Math.log(1 - random());
    entries[turn] = sum;
  }
  sum -= Math.log(1 - random());
  const scale = sum > 0 ? (free + 1) / sum : 0;
  let filled = 0;
  for (let turn = 0; turn < order.length; turn++) {
    entries[turn] = Math.min(free, Math.floor(entries[turn]! * scale)) + filled;
    filled += Math.max(1, plan.held[order[turn]!]!);
  }
}

/** Of 1 at the start, all trades compounded, each entered at its place in `entries`; what is lost entirely stays lost. */
function finalValue(
  { open, close, costPerSide }: RandomEntryInput,
  { held, fraction }: Plan,
  order: Int32Array,
  entries: Float64Array,
): number {
  let value = 1;
  for (let turn = 0; turn < order.length; turn++) {
    const trade = order[turn]!;
    const entry = entries[turn]!;
    const bars = held[trade]!;
    const share = fraction[trade]!;
    const growth = (bars === 0 ? close[entry]! : open[entry + bars]!) / open[entry]!;
    const factor = 1 + share * (growth - 1) - Math.abs(share) * costPerSide * (1 + growth);
    if (factor <= 0) return 0;
    value *= factor;
  }
  return value;
}

/** Fisher and Yates' shuffle, in place. */
function shuffle(order: Int32Array, random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
}

function requireBars(entryBar: number, exitBar: number, length: number): void {
  const inside = Number.isInteger(entryBar) && Number.isInteger(exitBar) && entryBar >= 0 && exitBar < length;
  if (!inside || exitBar < entryBar) {
    throw new RangeError(`a trade over bars ${entryBar} to ${exitBar} does not fit ${length} bars`);
  }
}
