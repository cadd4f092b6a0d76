import type { DecisionRecord } from './documents.ts';

/** A record without what may differ between two runs that did the same: the run's name, and how long models took. */
export function comparable(record: DecisionRecord): DecisionRecord {
  const unnamed = (id: string) => id.slice(record.run.length);
  return {
    ...record,
    id: unnamed(record.id),
    run: '',
    parents: record.parents.map(unnamed),
    order: record.order === null ? null : { ...record.order, id: unnamed(record.order.id) },
    latencyMs: 0,
  };
}

/** Also without what only the future brought. */
export function withoutOutcome(record: DecisionRecord): DecisionRecord {
  return { ...comparable(record), outcome: null };
}
