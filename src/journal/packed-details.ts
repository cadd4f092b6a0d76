import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { DecisionRecord, EpochMs, Evidence } from '../core/index.ts';
import { createLayoutTable } from './evidence-layouts.ts';

/** What a record holds beside the columns of its row. */
export type RecordDetail = Omit<DecisionRecord, RowField>;
type RowField =
  | 'id'
  | 'number'
  | 'at'
  | 'instrument'
  | 'agent'
  | 'kind'
  | 'action'
  | 'stance'
  | 'confidence'
  | 'size'
  | 'stop'
  | 'source'
  | 'reasoning';

/** Ids, names and units of a record's evidence, three by three: the same bar after bar, so written once per block. */
type EvidenceLayout = readonly string[];

/** Times that are not the record's own: index, eventAt, knownAt, three by three. */
type EvidenceTimes = readonly number[];

interface PackedDetail extends Omit<RecordDetail, 'evidence'> {
  readonly evidence: readonly [layout: number, times?: EvidenceTimes];
}

interface PackedHead {
  readonly layouts: readonly EvidenceLayout[];
  readonly records: readonly PackedDetail[];
}

/** Of what comes from elsewhere; a block of ours has a few hundred kilobytes. */
export const mostBlockBytes = 64 * 1024 * 1024;

/** Enough for good compression (its window is 32 KB), little enough to unpack for one record. */
export const recordsPerBlock = 400;

const compress = promisify(deflateRaw);
const expand = promisify(inflateRaw);

/**
 * A block is deflate over: length of the head (uint32, little-endian), the head as JSON, and all evidence values as
 * float64, where NaN stands for null. Level 3 takes three quarters of the default's time for 3 % more bytes. It runs in
 * another thread while the caller goes on.
 */
export function packDetails(records: readonly DecisionRecord[]): Promise<Buffer> {
  const layouts: EvidenceLayout[] = [];
  const layoutIndex = createLayoutTable((evidence) => {
    return layouts.push(evidence.flatMap(({ id, name, unit }) => [id, name, unit])) - 1;
  });
  const values = new Float64Array(records.reduce((count, record) => count + record.evidence.length, 0));
  let next = 0;
  const details = records.map((record) => {
    for (const item of record.evidence) values[next++] = item.value ?? Number.NaN;
    const times = foreignTimes(record.evidence, record.at);
    const layout = layoutIndex(record);
    return detailOf(record, times.length === 0 ? [layout] : [layout, times]);
  });
  // Every machine that Node runs on keeps floats little-endian, as they are read back.
  return packBlock({ layouts, records: details }, Buffer.from(values.buffer));
}

function packBlock(content: PackedHead, values: Buffer): Promise<Buffer> {
  const head = Buffer.from(JSON.stringify(content));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return compress(Buffer.concat([length, head, values]), { level: 3 });
}

/** The same block with other ids: of parents, orders and recordings. Rejects as {@link unpackDetails} does. */
export async function renameDetails(packed: Uint8Array, rename: (id: string) => string): Promise<Buffer> {
  const block = await expand(packed, { maxOutputLength: mostBlockBytes });
  const end = 4 + block.readUInt32LE();
  const { layouts, records }: PackedHead = JSON.parse(block.toString('utf8', 4, end));
  const renamed = records.map((record) => ({
    ...record,
    parents: record.parents.map(rename),
    order: record.order && { ...record.order, id: rename(record.order.id) },
    recording: record.recording && rename(record.recording),
  }));
  return packBlock({ layouts, records: renamed }, block.subarray(end));
}

/** Written out, because taking a record apart with a rest pattern is slow and this runs for every record. */
function detailOf(record: DecisionRecord, evidence: PackedDetail['evidence']): PackedDetail {
  return {
    sizePct: record.sizePct,
    keyFactors: record.keyFactors,
    evidence,
    missing: record.missing,
    coverage: record.coverage,
    inputs: record.inputs,
    rung: record.rung,
    fellBack: record.fellBack,
    parents: record.parents,
    verdict: record.verdict,
    order: record.order,
    provider: record.provider,
    model: record.model,
    promptTokens: record.promptTokens,
    responseTokens: record.responseTokens,
    latencyMs: record.latencyMs,
    costUsd: record.costUsd,
    recording: record.recording,
  };
}

function foreignTimes(evidence: readonly Evidence[], at: number): EvidenceTimes {
  const times: number[] = [];
  evidence.forEach((item, index) => {
    if (item.eventAt !== at || item.knownAt !== at) times.push(index, item.eventAt, item.knownAt);
  });
  return times;
}

/** One record of a block. */
export interface UnpackedDetail {
  readonly detail: Omit<RecordDetail, 'evidence'>;
  /** Dated with the record's own time where nothing else is said. */
  evidence(at: EpochMs): readonly Evidence[];
}

/** The records of a block, in the order they were packed. Rejects when it is not what {@link packDetails} made. */
export async function unpackDetails(packed: Uint8Array): Promise<readonly UnpackedDetail[]> {
  const block = await expand(packed);
  const end = 4 + block.readUInt32LE();
  const head: PackedHead = JSON.parse(block.toString('utf8', 4, end));
  let next = end;
  const unpacked = head.records.map((detail) => {
    const [index, times = []] = detail.evidence;
    const layout = head.layouts[index];
    if (layout === undefined) throw new RangeError(`block has no evidence layout ${index}`);
    const start = next;
    next += (8 * layout.length) / 3;
    const evidence = (at: EpochMs) => readEvidence(block, { start, layout, times, at });
    return { detail, evidence };
  });
  if (next !== block.length) throw new RangeError(`block has ${block.length} bytes, not ${next}`);
  return unpacked;
}

interface PackedEvidence {
  readonly start: number;
  readonly layout: EvidenceLayout;
  readonly times: EvidenceTimes;
  readonly at: EpochMs;
}

function readEvidence(block: Buffer, { start, layout, times, at }: PackedEvidence): readonly Evidence[] {
  const evidence: Evidence[] = [];
  for (let index = 0; 3 * index < layout.length; index += 1) {
    const value = block.readDoubleLE(start + 8 * index);
    evidence.push({
      id: layout[3 * index]!,
      name: layout[3 * index + 1]!,
      value: Number.isNaN(value) ? null : value,
      unit: layout[3 * index + 2]!,
      eventAt: at,
      knownAt: at,
    });
  }
  for (let index = 0; index < times.length; index += 3) {
    const [item, eventAt, knownAt] = times.slice(index, index + 3);
    evidence[item!] = { ...evidence[item!]!, eventAt: eventAt!, knownAt: knownAt! };
  }
  return evidence;
}
