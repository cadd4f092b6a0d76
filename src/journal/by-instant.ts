import type { DecisionRecord } from '../core/index.ts';

/** Records in the order of time, as the journal gives them, an instant at a time. */
export async function* byInstant<Kept extends DecisionRecord>(
  records: AsyncIterable<Kept>,
): AsyncGenerator<readonly Kept[]> {
  let instant: Kept[] = [];
  for await (const record of records) {
    if (instant[0] !== undefined && instant[0].at !== record.at) {
      yield instant;
      instant = [];
    }
    instant.push(record);
  }
  if (instant.length > 0) yield instant;
}
