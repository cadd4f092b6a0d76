import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DecisionRecord } from '../core/index.ts';
import { createRunHash } from './index.ts';

const at = Date.UTC(2024, 2, 5, 14);
const decision: DecisionRecord = {
  ...{ id: 'r_1.7', number: 7, at, instrument: 'SYN-A', agent: 'chief', kind: 'decision', action: 'BUY' },
  ...{ stance: 'LONG', confidence: 0.1 + 0.2, size: 2, sizePct: 4, stop: null, reasoning: 'RSI "turns"' },
  keyFactors: [{ text: 'RSI is low', evidence: ['e1'] }],
  evidence: [
    { id: 'e1', name: 'rsi-14', value: 100 / 3, unit: '', eventAt: at, knownAt: at },
    { id: 'e2', name: 'news', value: null, unit: 'score', eventAt: at - 60_000, knownAt: at - 1 },
  ],
  missing: [{ name: 'news', reason: 'absent' }],
  ...{ coverage: 0.5, inputs: { regime: 'bull' }, source: 'rules', rung: 'rules', fellBack: false },
  ...{ parents: ['r_1.7.technical'], verdict: null },
  order: {
    ...{ id: 'r_1.7.order', side: 'BUY', type: 'market', quantity: 2, stop: 1234567890123.45 },
    ...{ status: 'approved', reason: null },
  },
  ...{
    provider: null,
    model: null,
    promptTokens: 0,
    responseTokens: 0,
    latencyMs: 0,
    costUsd: 0,
    recording: null,
  },
};
const signal: DecisionRecord = {
  ...decision,
  id: 'r_1.7.technical',
  agent: 'technical',
  kind: 'signal',
  order: null,
};

// 0.1 + 0.2 is 0.30000000000000004 and 100 / 3 is 33.333333333333336: at 12 digits 0.3 and 33.3333333333. The stop has
// 15 digits, so its last three go.
const decisionLine = [
  '{"at":"2024-03-05T14:00:00.000Z","instrument":"SYN-A","agent":"chief","kind":"decision","action":"BUY"',
  '"stance":"LONG","confidence":0.3,"size":2,"stop":null,"reasoning":"RSI \\"turns\\""',
  '"keyFactors":[{"text":"RSI is low","evidence":["e1"]}],"missing":[{"name":"news","reason":"absent"}]',
  '"source":"rules","model":null',
  '"evidence":[{"id":"e1","name":"rsi-14","value":33.3333333333,"unit":"","eventAt":"2024-03-05T14:00:00.000Z","knownAt":"2024-03-05T14:00:00.000Z"}',
  '{"id":"e2","name":"news","value":null,"unit":"score","eventAt":"2024-03-05T13:59:00.000Z","knownAt":"2024-03-05T13:59:59.999Z"}]',
  '"order":{"side":"BUY","type":"market","quantity":2,"stop":1234567890120,"status":"approved","reason":null}}\n',
].join(',');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function hashOf(...instants: readonly (readonly DecisionRecord[])[]): string {
  const hash = createRunHash();
  for (const instant of instants) hash.add(instant);
  return hash.digest();
}

describe('the hash of a run', () => {
  test('of nothing is that of an empty text', () => {
    expect(hashOf()).toBe(sha256(''));
  });

  test('is SHA-256 over lines of JSON', () => {
    expect(hashOf([decision])).toBe(sha256(decisionLine));
  });

  test('takes the records of an instant in any order', () => {
    const proposal: DecisionRecord = { ...signal, kind: 'proposal', id: 'r_1.7.technical.proposal' };
    const other: DecisionRecord = { ...decision, instrument: 'SYN-B' };
    const twin: DecisionRecord = { ...signal, reasoning: 'the same agent again' };
    const ordered = hashOf([decision, proposal, signal, twin, other]);
    expect(hashOf([other, twin, signal, proposal, decision])).toBe(ordered);
    expect(hashOf([twin, decision, signal, other, proposal])).toBe(ordered);
  });

  test('does not see what differs between two runs that did the same', () => {
    const elsewhere: DecisionRecord = {
      ...decision,
      ...{ id: 'r_2.7', parents: ['r_2.7.technical'], latencyMs: 12.5, costUsd: 0.01, promptTokens: 900 },
      ...{ recording: 'x', provider: 'local', inputs: {} },
      order: { ...decision.order!, id: 'r_2.7.order' },
      confidence: 0.3,
    };
    expect(hashOf([elsewhere])).toBe(hashOf([decision]));
  });

  test('sees every conclusion and its grounds', () => {
    const changes: readonly Partial<DecisionRecord>[] = [
      { at: at + 1 },
      { instrument: 'SYN-B' },
      { agent: 'other' },
      { kind: 'signal' },
      { action: 'SELL' },
      { stance: 'FLAT' },
      { confidence: 0.301 },
      { size: null },
      { stop: 5 },
      { reasoning: '' },
      { keyFactors: [] },
      { missing: [] },
      { source: 'llm' },
      { model: 'm' },
      { evidence: [] },
      { evidence: [{ ...decision.evidence[0]!, value: 33.33 }, decision.evidence[1]!] },
      { evidence: [{ ...decision.evidence[0]!, unit: '%' }, decision.evidence[1]!] },
      { order: null },
      { order: { ...decision.order!, reason: 'cut' } },
    ];
    const hashes = new Set(changes.map((change) => hashOf([{ ...decision, ...change }])));
    hashes.add(hashOf([decision]));
    expect(hashes.size).toBe(changes.length + 1);
  });
});
