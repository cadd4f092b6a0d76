import type { DecisionRecord, Evidence } from '../core/index.ts';

/** Something made once for all records whose evidence has the same ids, names and units. */
export type LayoutTable<T> = (record: DecisionRecord) => T;

/** Layouts that hold headlines and the like never come back; keeping them all would grow with the run. */
const mostLayouts = 1_000;

/**
 * An agent cites the same inputs bar after bar, only the values change. Comparing with what the agent had last time
 * spares building a key, and is nearly always enough.
 */
export function createLayoutTable<T>(make: (evidence: readonly Evidence[]) => T): LayoutTable<T> {
  interface Entry {
    readonly evidence: readonly Evidence[];
    readonly made: T;
  }
  const lastOfAgent = new Map<string, Entry>();
  const byKey = new Map<string, Entry>();
  return ({ agent, kind, evidence }) => {
    const asker = `${kind} ${agent}`;
    const last = lastOfAgent.get(asker);
    if (last !== undefined && haveSameLayout(last.evidence, evidence)) return last.made;
    const key = JSON.stringify(evidence.map(({ id, name, unit }) => [id, name, unit]));
    const entry = byKey.get(key) ?? { evidence, made: make(evidence) };
    if (byKey.size >= mostLayouts) byKey.clear();
    byKey.set(key, entry);
    lastOfAgent.set(asker, entry);
    return entry.made;
  };
}

function haveSameLayout(a: readonly Evidence[], b: readonly Evidence[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((item, index) => {
    const other = b[index]!;
    return item.id === other.id && item.name === other.name && item.unit === other.unit;
  });
}
