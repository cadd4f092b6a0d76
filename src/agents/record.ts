import type { CallCost, DecisionRecord, JsonValue, RecordKind, Source } from '../core/index.ts';
import type { Situation } from '../engine/index.ts';
import type { Answer } from './answer.ts';
import type { EvidenceSheet } from './evidence-sheet.ts';

/** What every record of an agent shares, whatever it concluded. */
export interface RecordFrame {
  readonly id: string;
  readonly situation: Situation;
  readonly agent: string;
  readonly kind: RecordKind;
  readonly sheet: EvidenceSheet;
  readonly inputs: { readonly [name: string]: JsonValue };
  readonly source: Source;
  readonly fellBack: boolean;
  readonly cost: CallCost;
  readonly parents: readonly string[];
}

/** The frame and the answer as one record, with nothing sized, judged or ordered yet. */
export function recordOf(
  frame: RecordFrame,
  answer: Pick<Answer, 'action' | 'confidence' | 'reasoning' | 'keyFactors'>,
  stance: DecisionRecord['stance'],
): DecisionRecord {
  const { id, situation, agent, kind, sheet, inputs, source, fellBack, cost, parents } = frame;
  return {
    id,
    number: situation.number,
    at: situation.at,
    instrument: situation.instrument.symbol,
    agent,
    kind,
    action: answer.action,
    stance,
    confidence: answer.confidence,
    size: null,
    sizePct: null,
    stop: null,
    reasoning: answer.reasoning,
    keyFactors: answer.keyFactors,
    evidence: sheet.evidence,
    missing: sheet.missing,
    coverage: sheet.coverage,
    inputs,
    source,
    rung: null,
    fellBack,
    ...cost,
    parents,
    verdict: null,
    order: null,
  };
}

/** The candle and the position every agent starts from. */
export function situationInputs(situation: Situation): { readonly [name: string]: JsonValue } {
  const { bar, position, account, instrument } = situation;
  return {
    timeframe: instrument.timeframe,
    candle: { open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume },
    position:
      position === null ? null : { quantity: position.quantity, entry: position.entry, stop: position.stop },
    equity: account.equity,
  };
}
