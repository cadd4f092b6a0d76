import type { DecisionRecord } from '../src/core/index.ts';
import { decisionId, signalId } from '../src/core/index.ts';
import type { Situation } from '../src/engine/index.ts';
import { instrumentOf } from './candles.ts';

/** A decision that holds, made by rules from nothing, but for what `fields` says. */
export function decisionOf(situation: Situation, fields: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    id: decisionId(situation.run, situation.number),
    number: situation.number,
    at: situation.at,
    instrument: situation.instrument.symbol,
    agent: 'chief',
    kind: 'decision',
    action: 'HOLD',
    stance: 'FLAT',
    confidence: 0,
    size: null,
    sizePct: null,
    stop: null,
    reasoning: '',
    keyFactors: [],
    evidence: [],
    missing: [],
    coverage: 1,
    inputs: {},
    source: 'rules',
    rung: 'rules',
    fellBack: false,
    parents: [],
    verdict: null,
    order: null,
    provider: null,
    model: null,
    promptTokens: 0,
    responseTokens: 0,
    latencyMs: 0,
    costUsd: 0,
    recording: null,
    ...fields,
  };
}

/** What an agent other than the chief says. */
export function signalOf(situation: Situation, agent: string, reasoning = ''): DecisionRecord {
  const id = signalId(situation.run, situation.number, agent);
  return decisionOf(situation, { id, agent, kind: 'signal', rung: null, reasoning });
}

/** Bar `index` of an hourly instrument that has a bar every hour since the epoch, decided on as number `index + 1`. */
export function situationAt(index: number, symbol = 'A', timeframe = '1h'): Situation {
  const instrument = instrumentOf(symbol, 'crypto', timeframe);
  return {
    run: 'r',
    number: index + 1,
    at: (index + 1) * 3_600_000,
    instrument,
    index,
    bar: { open: 100, high: 100, low: 100, close: 100, volume: 1 },
    position: null,
    stoppedOut: null,
    account: { equity: 10_000, cash: 10_000, drawdownPct: 0 },
  };
}
