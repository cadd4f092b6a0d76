import type { JsonSchema } from '../llm/index.ts';
import { type EvidenceLine, evidenceLines } from './evidence-lines.ts';
import type { FakeReply } from './fake-reply.ts';
import { type FakeRequest, promptOf } from './fake-request.ts';
import { fittingAnswer } from './fitting-answer.ts';

export interface PromptReaderOptions {
  /** A trade whose loss at its stop would be more of the equity than this is refused. In per cent, 2 when left out. */
  readonly lossLimitPct?: number;
}

/**
 * A model that decides from the numbers and evidence ids in its prompt and from nothing else. What it is asked for tells it how:
 *
 * - a verdict (`approved`): approves when the loss at the stop, `size-pct` × `stop-distance-pct`, is known and within the limit;
 * - an action, with averages in the evidence: BUY when the faster one (the close, beside a single one) is above the slower one and SELL
 *   below it, unless an rsi is past 70 or 30; HOLD when one of those numbers is missing. Of `…-N` a smaller N is faster;
 * - an action, without averages: the sign of the scores shown, where `NAME.…-score`, which is a proposal's, does not count;
 * - any other schema: the plainest value that fits; no schema: a sentence that repeats the numbers.
 *
 * It cites the lines it read as far as the schema offers their ids, else the first that it offers.
 */
export function answersFromPrompt({
  lossLimitPct = 2,
}: PromptReaderOptions = {}): (request: FakeRequest) => FakeReply {
  return (request) => {
    const lines = evidenceLines(promptOf(request));
    const schema = request.schema?.schema;
    if (schema === undefined) return { kind: 'text', text: repeated(lines) };
    const { properties = {} } = schema;
    if ('approved' in properties) return judge(lines, schema, lossLimitPct);
    if ('action' in properties) return decide(lines, schema);
    const value = fittingAnswer(schema);
    return typeof value === 'object' && value !== null
      ? { kind: 'answer', answer: value }
      : { kind: 'text', text: JSON.stringify(value) };
  };
}

function repeated(lines: readonly EvidenceLine[]): string {
  const numbers = lines.flatMap(({ name, value }) => (value === null ? [] : [`${name} is ${value}`]));
  return numbers.length === 0 ? 'There is no number in that.' : `${numbers.join(', ')}.`;
}

interface View {
  /** Above zero for rising prices. */
  readonly lean: number;
  readonly read: readonly EvidenceLine[];
  /** By averages, which a trade can be opened on. */
  readonly opens: boolean;
}

function decide(lines: readonly EvidenceLine[], schema: JsonSchema): FakeReply {
  const { lean, read, opens } = viewOfAverages(lines) ?? viewOfScores(lines);
  const wanted = lean > 0 ? 'BUY' : lean < 0 ? 'SELL' : 'HOLD';
  const actions = schema.properties?.['action']?.enum ?? [];
  const action = actions.includes(wanted) ? wanted : actions.includes('HOLD') ? 'HOLD' : String(actions[0]);
  const trades = opens && (action === 'BUY' || action === 'SELL');
  const close = numberOf(lines, 'close');
  return answerOf(schema, {
    action,
    confidence: action === 'HOLD' ? 0.5 : 0.8,
    reasoning: `Decided from ${read.map(({ name }) => name).join(', ') || 'no number'}.`,
    keyFactors: [{ text: 'the numbers it was decided from', evidence: cited(read, lines, schema) }],
    sizePct: trades ? Math.min(10, schema.properties?.['sizePct']?.maximum ?? 10) : null,
    stop: trades && close !== null ? close * (action === 'BUY' ? 0.97 : 1.03) : null,
  });
}

function viewOfAverages(lines: readonly EvidenceLine[]): View | null {
  const averages = lines
    .flatMap((line) => {
      const period = /^(?:ema|sma)-(\d+)$/.exec(line.name)?.[1];
      return period === undefined ? [] : [{ line, period: Number(period) }];
    })
    .sort((a, b) => a.period - b.period)
    .map(({ line }) => line);
  const close = lines.filter(({ name }) => name === 'close').slice(0, 1);
  const [fast, slow] = averages.length === 1 ? [...close, ...averages] : [averages[0], averages.at(-1)];
  if (fast === undefined || slow === undefined) return null;
  const rsi = lines.find(({ name }) => /^rsi-\d+$/.test(name));
  const needed = [fast, slow, ...(rsi === undefined ? [] : [rsi])];
  const read = needed.filter(({ value }) => value !== null);
  if (read.length < needed.length) return { lean: 0, read, opens: true };
  const lean = Math.sign(fast.value! - slow.value!);
  const strength = rsi?.value ?? 50;
  return { lean: (lean > 0 && strength >= 70) || (lean < 0 && strength <= 30) ? 0 : lean, read, opens: true };
}

function viewOfScores(lines: readonly EvidenceLine[]): View {
  const read = lines.filter(
    ({ name, unit, value }) => unit === 'score' && !name.includes('.') && value !== null,
  );
  return { lean: read.reduce((sum, { value }) => sum + (value ?? 0), 0), read, opens: false };
}

function judge(lines: readonly EvidenceLine[], schema: JsonSchema, lossLimitPct: number): FakeReply {
  const [size, distance] = [numberOf(lines, 'size-pct'), numberOf(lines, 'stop-distance-pct')];
  const lossPct = size === null || distance === null ? null : (Math.abs(size) * distance) / 100;
  const approved = lossPct !== null && lossPct > 0 && lossPct <= lossLimitPct;
  const read = lines.filter(({ name }) => name === 'size-pct' || name === 'stop-distance-pct');
  return answerOf(schema, {
    approved,
    adjustedSize: null,
    riskScore: approved ? 0.2 : 0.9,
    reasoning:
      lossPct === null
        ? 'There is no size and stop to hold against the limit.'
        : `At its stop it would lose ${lossPct.toFixed(2)} % of equity; the limit is ${lossLimitPct} %.`,
    warnings: [],
    keyFactors: [{ text: 'the loss at the stop', evidence: cited(read, lines, schema) }],
  });
}

/** What else the schema asks for gets the plainest value; what it does not ask for is left out. */
function answerOf(schema: JsonSchema, known: { readonly [name: string]: unknown }): FakeReply {
  const entries = Object.entries(schema.properties ?? {}).map(([name, inner]) => [
    name,
    name in known ? known[name] : fittingAnswer(inner),
  ]);
  return { kind: 'answer', answer: Object.fromEntries(entries) };
}

function numberOf(lines: readonly EvidenceLine[], name: string): number | null {
  return lines.find((line) => line.name === name)?.value ?? null;
}

/** Ids that may be cited: of the lines read, else the first there is. */
function cited(
  read: readonly EvidenceLine[],
  lines: readonly EvidenceLine[],
  schema: JsonSchema,
): readonly string[] {
  const { evidence } = schema.properties?.['keyFactors']?.items?.properties ?? {};
  const offered = evidence?.items?.enum ?? lines.map(({ id }) => id);
  const ids = read.map(({ id }) => id).filter((id) => offered.includes(id));
  return ids.length > 0 ? ids : offered.slice(0, 1).map(String);
}
