import {
  type Action,
  type DecisionRecord,
  type Evidence,
  type ExitKind,
  fellBackFor,
  type Missing,
  type MissingReason,
  modelFailures,
  type Outcome,
  type Source,
  type Stance,
} from '../core/index.ts';
import {
  absent,
  count,
  money,
  moneyChange,
  percent,
  percentChange,
  plainNumber,
  price,
  quantity,
  usd,
} from './number.ts';
import { duration, utcTime } from './time.ts';

/** What carries a colour; shape and word always say the same. */
export type Direction = 'long' | 'short' | 'flat';

const stanceDirections = { LONG: 'long', SHORT: 'short', FLAT: 'flat' } as const satisfies Record<
  Stance,
  Direction
>;
const actionDirections = {
  BUY: 'long',
  SELL: 'short',
  HOLD: 'flat',
  CLOSE: 'flat',
} as const satisfies Record<Action, Direction>;
const directionGlyphs = { long: '▲', short: '▼', flat: '–' } as const satisfies Record<Direction, string>;

export function stanceDirection(stance: Stance): Direction {
  return stanceDirections[stance];
}

export function actionDirection(action: Action): Direction {
  return actionDirections[action];
}

export function stanceGlyph(stance: Stance): string {
  return directionGlyphs[stanceDirections[stance]];
}

/** An exit has the shape it has in the chart. */
export function actionGlyph(action: Action): string {
  return action === 'CLOSE' ? '●' : directionGlyphs[actionDirections[action]];
}

/** `BUY 12 SYN-A`, `HOLD SYN-A`. */
export function headline(record: DecisionRecord): string {
  const sized = record.size !== null && record.size > 0 && record.action !== 'HOLD';
  return sized
    ? `${record.action} ${quantity(record.size)} ${record.instrument}`
    : `${record.action} ${record.instrument}`;
}

/** In the order in which they are counted everywhere. */
export const sources = [
  'llm',
  'cache',
  'council',
  'model',
  'rules',
  'hold',
] as const satisfies readonly Source[];

export const sourceMeanings: { readonly [source in Source]: string } = {
  llm: 'a language model answered',
  cache: 'the last answer of a language model was used again',
  council: 'a vote among agents',
  model: 'a trained model',
  rules: 'written rules, no model',
  hold: 'nobody could decide, so nothing was done',
};

const fallBackReasons: { readonly [code: string]: string } = {
  'budget-exceeded': 'the budget was spent',
  'provider-refused': 'the model would not answer',
  'answer-invalid': "the model's answer could not be used",
};

/** `by llm, rung primary`, `by rules: fell back, the model failed`. */
export function byWhom(record: DecisionRecord): string {
  const rung = record.rung === null || record.rung === record.source ? '' : `, rung ${record.rung}`;
  const code = fellBackFor(record);
  const fellBack = code === null ? '' : `: fell back, ${fallBackReasons[code] ?? 'the model failed'}`;
  return `by ${record.source}${rung}${fellBack}`;
}

/** `chief asked local/large: answer-invalid: chief's answer does not fit …`, each once. */
export function failureSentences(records: readonly DecisionRecord[]): readonly string[] {
  const all = records.flatMap((record) =>
    modelFailures(record).map(
      ({ model, code, message }) => `${record.agent} asked ${model}: ${code}: ${message}`,
    ),
  );
  return [...new Set(all)];
}

/** What an answer took: model, tokens in + out, time, price. Null where no provider was called. */
export function callSentence(record: DecisionRecord): string | null {
  if (record.model === null && record.provider === null) return null;
  return [
    record.model ?? record.provider,
    `${count(record.promptTokens)}+${count(record.responseTokens)} tokens`,
    duration(record.latencyMs),
    usd(record.costUsd),
  ].join(' · ');
}

const missingWords: { readonly [reason in MissingReason]: string } = {
  absent: 'no data',
  stale: 'stale',
  failed: 'failed: not counted as flat',
  'not-configured': 'not configured',
  'warming-up': 'warming up',
};

export function missingReason(reason: MissingReason): string {
  return missingWords[reason];
}

/** `order-book (not configured)` */
function missingSentence(missing: Missing): string {
  return `${missing.name} (${missingWords[missing.reason]})`;
}

/** What the records lacked, each thing once: what failed apart from what was merely not there. */
export function splitMissing(records: readonly DecisionRecord[]): {
  readonly failed: readonly string[];
  readonly absent: readonly string[];
} {
  const missing = records.flatMap((record) => record.missing);
  const sentences = (wanted: boolean) => [
    ...new Set(missing.filter(({ reason }) => (reason === 'failed') === wanted).map(missingSentence)),
  ];
  return { failed: sentences(true), absent: sentences(false) };
}

/** The stored value, never the agent's: `101.20 USD`, `34.2`, `4.10 %`. */
export function evidenceValue(evidence: Evidence): string {
  const { value, unit } = evidence;
  if (value === null) return absent;
  if (unit === '') return plainNumber(value);
  if (unit === '%') return percent(value);
  // Quote currencies are the only units written in capitals.
  return /^[A-Z]{3,5}$/.test(unit) ? `${price(value)} ${unit}` : `${plainNumber(value)} ${unit}`;
}

/** `ema-50 101.20 USD [technical.e3]` */
export function evidenceSentence(evidence: Evidence, agent: string): string {
  return `${evidence.name} ${evidenceValue(evidence)} ${evidenceMark(agent, evidence.id)}`;
}

/** Ids are unique within one record only, and a reader has several before him. */
export function evidenceMark(agent: string, id: string): string {
  return `[${agent}.${id}]`;
}

/** What the guard made of the order; null when none was asked for. */
export function guardSentence(record: DecisionRecord): string | null {
  const { order, size } = record;
  if (order === null) return null;
  if (order.status === 'refused') return `refused: ${order.reason ?? 'no reason kept'}`;
  const asked = size !== null && size > order.quantity ? ` of ${quantity(size)}` : '';
  const stop = order.stop === null ? '' : `, stop ${price(order.stop)}`;
  const cut = order.reason === null ? '' : ` (${order.reason})`;
  return `passed: ${order.side} ${quantity(order.quantity)}${asked}${stop}${cut}`;
}

/** `stopped out`; to be followed by a price. */
export function exitWord(by: ExitKind | null): string {
  if (by === 'stop') return 'stopped out';
  return by === 'liquidation' ? 'liquidated' : 'closed';
}

/** What followed a decision, as far as it is known. */
export function outcomeSentence(outcome: Outcome): string {
  if (outcome.status === 'refused') return `nothing: ${outcome.reason ?? 'the guard refused the order'}`;
  if (outcome.status === 'pending') return 'waiting to be filled at the next open';
  const fee = outcome.fee === null ? '' : `, fee ${money(outcome.fee)}`;
  const when = outcome.filledAt === null ? '' : ` on ${utcTime(outcome.filledAt)}`;
  const lack = outcome.reason === null ? '' : ` (${outcome.reason})`;
  const filled = `filled at ${price(outcome.price)}${when}${fee}${lack}`;
  if (outcome.status === 'open') return `${filled} → still open`;
  const exit = outcome.exit === null ? '' : ` at ${price(outcome.exit)}`;
  const how = exitWord(outcome.exitBy);
  const closed = outcome.closedAt === null ? how : `${how}${exit} on ${utcTime(outcome.closedAt)}`;
  if (outcome.pnl === null) return `${filled} → ${closed}`;
  return `${filled} → ${closed}, ${moneyChange(outcome.pnl)} (${percentChange(outcome.returnPct)}) after fees`;
}
