import { expect } from 'vitest';
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

/** Shows the first record that differs: the difference of two long lists takes minutes to work out and nobody reads it. */
export function expectSameRecords(
  actual: readonly DecisionRecord[],
  expected: readonly DecisionRecord[],
): void {
  const texts = expected.map((record) => JSON.stringify(record));
  const index = actual.findIndex((record, at) => JSON.stringify(record) !== texts[at]);
  if (index !== -1) expect(actual[index]).toEqual(expected[index]);
  expect(actual).toHaveLength(expected.length);
}
