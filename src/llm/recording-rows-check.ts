import { z } from 'zod';
import { canonicalJson, isNestedDeeperThan, type JsonValue } from '../core/index.ts';
import type { MovedRecording } from './recording-rows.ts';
import { readRow } from './recording-store.ts';

/** Without NUL and halves of surrogate pairs, which PostgreSQL does not hold. */
const text = z.string().refine((value) => !/\0|\p{Surrogate}/u.test(value));
/** In an index, whose entries have a bound. */
const id = text.max(500);

const rowShape = z.strictObject({
  ...{ id, run: id, scope: id, request: text, outcome: text },
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
});

const words = z.string();
const count = z.number().min(0);
const toolCalls = z.array(z.looseObject({ id: words, name: words }));

const requestShape = z.looseObject({
  ...{ profile: words, provider: words, model: words },
  messages: z.array(
    z.looseObject({
      role: z.enum(['system', 'user', 'assistant', 'tool']),
      content: words,
      toolCalls: toolCalls.optional(),
    }),
  ),
  ...{ temperature: z.number().nullable(), maxTokens: z.number().nullable() },
  schema: z.looseObject({ name: words, schema: z.record(words, z.unknown()) }).nullable(),
  tools: z.array(z.looseObject({ name: words })).optional(),
});

const cost = {
  ...{ provider: words.nullable(), model: words.nullable(), promptTokens: count, responseTokens: count },
  ...{ latencyMs: count, costUsd: count },
};

const outcomeShape = z.discriminatedUnion('kind', [
  z.looseObject({
    ...{ kind: z.literal('answer'), text: words, answeredBy: words, toolCalls: toolCalls.optional() },
    finishReason: z.enum(['stop', 'length', 'refusal', 'tools', 'other']),
    ...cost,
  }),
  z.looseObject({
    kind: z.literal('failure'),
    code: z.enum(['provider-failed', 'provider-refused', 'answer-invalid', 'budget-exceeded']),
    ...{ message: words, hint: words.nullable(), retryable: z.boolean(), status: z.number().nullable() },
    ...cost,
  }),
]);

/** An answer's schema is nested too. */
const mostLevels = 100;

/**
 * A recording that may be anybody's, and the id of the one before it, or ''.
 * @throws OrreryError `recording-altered`; Error for one that the run does not have
 */
export function checkRecording(value: unknown, run: string, before: string): MovedRecording {
  const row = rowShape.parse(value);
  if (row.run !== run || !row.id.startsWith(`${run}.${row.scope}.`)) {
    throw new RangeError('it is of another run');
  }
  if (Buffer.compare(Buffer.from(before), Buffer.from(row.id)) >= 0) {
    throw new RangeError('it is out of order, or there twice');
  }
  readRow(row);
  requestShape.parse(canonical(row.request));
  outcomeShape.parse(canonical(row.outcome));
  return row;
}

function canonical(json: string): unknown {
  const value = JSON.parse(json) as JsonValue;
  if (isNestedDeeperThan(mostLevels, value)) throw new RangeError('it is nested without end');
  if (canonicalJson(value) !== json) throw new RangeError('it is not written as a recording is');
  return value;
}
