import { createHash } from 'node:crypto';
import { type DecisionRecord, type EpochMs, type Evidence, isoTime } from '../core/index.ts';
import { byInstant } from './by-instant.ts';
import { createLayoutTable, type LayoutTable } from './evidence-layouts.ts';
import { storableText } from './storable-text.ts';

/** What a run concluded, as one number: equal for the same inputs on any machine, database and day. */
export interface RunHash {
  /** All records of one instant, in any order; instants oldest first. */
  add(instant: readonly DecisionRecord[]): void;
  /** The records of a run as the journal gives them: how a resumed run gets its hash back. */
  addAll(records: AsyncIterable<DecisionRecord>): Promise<void>;
  /** SHA-256 in hexadecimal. The hash takes no more records afterwards. */
  digest(): string;
}

/**
 * SHA-256 over one line of JSON a record, ordered by (at, instrument, kind, agent) and, where these are equal, by the
 * line. A line holds what was concluded and on what grounds; it leaves out what differs between two runs that did the
 * same: ids, parents, latency, cost, wall time, paths. Numbers have 12 significant digits.
 */
export function createRunHash(): RunHash {
  const hash = createHash('sha256');
  const evidenceParts = createLayoutTable(partsOf);
  const add = (instant: readonly DecisionRecord[]) => {
    const lines = instant.map((record) => ({ record, line: lineOf(record, evidenceParts) }));
    lines.sort(
      (a, b) =>
        a.record.at - b.record.at ||
        compare(a.record.instrument, b.record.instrument) ||
        compare(a.record.kind, b.record.kind) ||
        compare(a.record.agent, b.record.agent) ||
        compare(a.line, b.line),
    );
    for (const { line } of lines) hash.update(line);
  };
  return {
    add,
    async addAll(records) {
      for await (const instant of byInstant(records)) add(instant);
    },
    digest: () => hash.digest('hex'),
  };
}

/**
 * The keys are written out one by one: two objects that mean the same may hold them in another order. Evidence is most
 * of a line, so its constant parts are made once per layout.
 */
function lineOf(record: DecisionRecord, evidenceParts: LayoutTable<readonly string[]>): string {
  const { order } = record;
  const grounds = JSON.stringify({
    at: isoTime(record.at),
    instrument: record.instrument,
    agent: record.agent,
    kind: record.kind,
    action: record.action,
    stance: record.stance,
    confidence: rounded(record.confidence),
    size: rounded(record.size),
    stop: rounded(record.stop),
    reasoning: storableText(record.reasoning),
    keyFactors: record.keyFactors.map(({ text, evidence }) => ({ text, evidence })),
    missing: record.missing.map(({ name, reason }) => ({ name, reason })),
    source: record.source,
    model: record.model,
  });
  const outcome = order && {
    side: order.side,
    type: order.type,
    quantity: rounded(order.quantity),
    stop: rounded(order.stop),
    status: order.status,
    reason: order.reason,
  };
  const evidence = evidenceJson(record, evidenceParts(record));
  return `${grounds.slice(0, -1)},"evidence":[${evidence}],"order":${JSON.stringify(outcome)}}\n`;
}

/** Two constant parts an item: what stands before its value, and between the value and its times. */
function partsOf(evidence: readonly Evidence[]): readonly string[] {
  return evidence.flatMap(({ id, name, unit }, index) => [
    `${index === 0 ? '' : ','}{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"value":`,
    `,"unit":${JSON.stringify(unit)},"eventAt":`,
  ]);
}

function evidenceJson({ at, evidence }: DecisionRecord, parts: readonly string[]): string {
  const own = isoTime(at);
  const time = (moment: EpochMs) => (moment === at ? own : isoTime(moment));
  let json = '';
  for (const [index, { value, eventAt, knownAt }] of evidence.entries()) {
    const times = `"${time(eventAt)}","knownAt":"${time(knownAt)}"}`;
    json += `${parts[2 * index]}${rounded(value)}${parts[2 * index + 1]}${times}`;
  }
  return json;
}

/** Null for what is no number, as in JSON. */
function rounded(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  // Prices and counts are often whole, and need no rounding below a trillion.
  return Number.isInteger(value) && Math.abs(value) < 1e12 ? value + 0 : Number(value.toPrecision(12));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
