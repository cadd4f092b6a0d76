import {
  type DecisionRecord,
  type EquityPoint,
  type Fill,
  fellBackFor,
  type OrderRecord,
  type OrderRefusal,
  type Source,
  type Trade,
} from '../core/index.ts';
import { type ModelShare, type Step, VoteCount } from '../engine/index.ts';

/** One decision and the records it rests on. */
export interface ExplainedDecision {
  readonly decision: DecisionRecord;
  readonly voices: readonly DecisionRecord[];
}

const keptDecisions = 200;

/** What a run came to so far, from its steps alone: fed while it runs, and again from the journal when it resumes. */
export class RunTally {
  readonly equity: EquityPoint[] = [];
  readonly fills: Fill[] = [];
  readonly trades: Trade[] = [];
  readonly orders: OrderRecord[] = [];
  readonly sources: { [source in Source]: number } = {
    llm: 0,
    cache: 0,
    council: 0,
    model: 0,
    rules: 0,
    hold: 0,
  };
  /** What the analysts said together, for the baseline without a chief. */
  readonly votes = new VoteCount();
  decisions = 0;
  fellBack = 0;
  /** Of those that fell back, by the code of the error. */
  readonly fellBackFor: { [code: string]: number } = {};
  readonly #answers = new Map<string, Omit<ModelShare, 'standIn'>>();
  readonly #latest: ExplainedDecision[] = [];
  readonly #ordered: ExplainedDecision[] = [];

  add(step: Step): void {
    this.equity.push(step.equity);
    this.fills.push(...step.fills);
    this.trades.push(...step.trades);
    this.orders.push(...step.orders);
    for (const refusal of step.refusals) this.#refuse(refusal);
    this.addRecords(step.records);
  }

  /** All records of one instant. */
  addRecords(records: readonly DecisionRecord[]): void {
    this.votes.add(records);
    for (const record of records) {
      if (record.kind !== 'decision') continue;
      this.decisions++;
      this.sources[record.source]++;
      this.#countFallBack(record);
      this.#countAnswer(record);
      this.#keep(record, records);
    }
  }

  /** Decisions that models answered, by rung and model. */
  get answers(): readonly Omit<ModelShare, 'standIn'>[] {
    return [...this.#answers.values()];
  }

  #countFallBack(record: DecisionRecord): void {
    const code = fellBackFor(record);
    if (code === null) return;
    this.fellBack++;
    this.fellBackFor[code] = (this.fellBackFor[code] ?? 0) + 1;
  }

  #countAnswer({ source, rung, provider, model }: DecisionRecord): void {
    if ((source !== 'llm' && source !== 'cache') || rung === null) return;
    const named = { source, rung, model: `${provider}/${model}` };
    const key = JSON.stringify(named);
    this.#answers.set(key, { ...named, decisions: (this.#answers.get(key)?.decisions ?? 0) + 1 });
  }

  get refused(): number {
    return this.orders.filter((order) => order.status === 'refused').length;
  }

  /** The latest decisions and the latest that asked for an order, newest first, each once. */
  explained(): readonly ExplainedDecision[] {
    const all = new Set([...this.#latest, ...this.#ordered]);
    return [...all].sort((a, b) => b.decision.number - a.decision.number);
  }

  /** As the journal reads it: what filled in part stays filled, with the reason why not whole. */
  #refuse({ order: id, reason }: OrderRefusal): void {
    const at = this.orders.findLastIndex((order) => order.id === id);
    const order = this.orders[at];
    if (order === undefined) return;
    const filled = this.fills.findLast((fill) => fill.order === id) !== undefined;
    this.orders[at] = { ...order, status: filled ? order.status : 'refused', reason };
  }

  #keep(decision: DecisionRecord, records: readonly DecisionRecord[]): void {
    const voices = records.filter((record) => record.number === decision.number && record !== decision);
    const explained = { decision, voices };
    keepLast(this.#latest, explained);
    if (decision.order !== null) keepLast(this.#ordered, explained);
  }
}

function keepLast<Item>(list: Item[], item: Item): void {
  list.push(item);
  // Trimmed in blocks: shifting an array on every bar would copy it on every bar.
  if (list.length > 2 * keptDecisions) list.splice(0, list.length - keptDecisions);
}
