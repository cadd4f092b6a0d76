import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { z } from 'zod';
import { isNestedDeeperThan, isTime } from '../core/index.ts';
import { isMovedAmount, isStorable } from './moved-rows-values.ts';
import { mostBlockBytes, recordsPerBlock } from './packed-details.ts';

const expand = promisify(inflateRaw);

const text = z.string();
const amount = z.number().refine(isMovedAmount);
const count = z.number().min(0).refine(isMovedAmount);
const index = z.int().min(0);

const order = z.object({
  id: text.max(500).refine(isStorable),
  side: z.enum(['BUY', 'SELL']),
  type: z.literal('market'),
  quantity: amount,
  stop: amount.nullable(),
  status: z.enum(['approved', 'refused']),
  reason: text.nullable(),
});

const verdict = z.object({
  approved: z.boolean(),
  adjustedSize: amount.nullable(),
  riskScore: amount,
  warnings: z.array(text),
});

const record = z.object({
  sizePct: amount.nullable(),
  keyFactors: z.array(z.object({ text, evidence: z.array(text) })),
  evidence: z.union([z.tuple([index]), z.tuple([index, z.array(z.number().refine(isTime))])]),
  missing: z.array(
    z.object({ name: text, reason: z.enum(['absent', 'stale', 'failed', 'not-configured', 'warming-up']) }),
  ),
  coverage: amount,
  inputs: z.record(text, z.unknown()),
  rung: z.enum(['primary', 'backup', 'council', 'cache', 'rules', 'hold']).nullable(),
  fellBack: z.boolean(),
  parents: z.array(text),
  verdict: verdict.nullable(),
  order: order.nullable(),
  provider: text.nullable(),
  model: text.nullable(),
  promptTokens: count,
  responseTokens: count,
  latencyMs: amount,
  costUsd: amount,
  recording: text.nullable(),
});

const head = z.object({ layouts: z.array(z.array(text)), records: z.array(record).max(recordsPerBlock) });

/** Deeper than anybody writes, and far from what would break a function that calls itself. */
const mostLevels = 64;

/** What a block of another database turned out to be. */
export interface CheckedDetails {
  readonly records: number;
  /** Unpacked. */
  readonly bytes: number;
}

/**
 * Unpacks a block that may be anybody's, at most `mostBytes` of it, and looks at all of it.
 * @throws Error when it is not what a run's own block would be
 */
export async function checkDetails(
  packed: Uint8Array,
  { run, mostBytes }: { readonly run: string; readonly mostBytes: number },
): Promise<CheckedDetails> {
  const block = await expand(packed, {
    maxOutputLength: Math.max(1, Math.floor(Math.min(mostBytes, mostBlockBytes))),
  });
  const end = 4 + block.readUInt32LE();
  if (end > block.length) throw new RangeError('its head goes on behind its end');
  const content: unknown = JSON.parse(block.toString('utf8', 4, end));
  if (isNestedDeeperThan(mostLevels, content)) throw new RangeError('it is nested without end');
  const { layouts, records } = head.parse(content);
  let values = 0;
  for (const { evidence, order } of records) {
    const [layout, times = []] = evidence;
    const items = (layouts[layout]?.length ?? Number.NaN) / 3;
    if (!Number.isInteger(items)) throw new RangeError('its evidence has no layout');
    const isTimed = times.length % 3 === 0 && times.every((item, at) => at % 3 !== 0 || isIndex(item, items));
    if (!isTimed) throw new RangeError('its evidence has times of nothing');
    if (order !== null && !order.id.startsWith(`${run}.`))
      throw new RangeError('it has orders of another run');
    values += items;
  }
  if (end + 8 * values !== block.length) throw new RangeError('it has other values than evidence');
  return { records: records.length, bytes: block.length };
}

function isIndex(value: number, length: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < length;
}
