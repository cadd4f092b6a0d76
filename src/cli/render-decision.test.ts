import { describe, expect, test } from 'vitest';
import type { DecisionRecord } from '../core/index.ts';
import { type DecisionView, renderDecision } from './render-decision.ts';
import type { Terminal } from './terminal.ts';

const terminal: Terminal = { interactive: true, columns: 100, color: false, unicode: true };
const brief = { evidence: false, parents: false, prompt: false, raw: false };
const at = Date.UTC(2024, 2, 5, 14);

const decision: DecisionRecord = {
  id: 'r_1.7',
  number: 7,
  at,
  instrument: 'SYN-A',
  agent: 'chief',
  kind: 'decision',
  action: 'BUY',
  stance: 'LONG',
  confidence: 0.62,
  size: 12,
  sizePct: 12,
  stop: 98.9,
  reasoning: 'Trend and mood agree.',
  keyFactors: [{ text: 'the vote is clear', evidence: ['e1'] }],
  evidence: [{ id: 'e1', name: 'vote', value: 0.53, unit: 'score', eventAt: at, knownAt: at }],
  missing: [
    { name: 'order-book', reason: 'not-configured' },
    { name: 'reversion', reason: 'failed' },
  ],
  coverage: 0.75,
  inputs: {},
  source: 'llm',
  rung: 'primary',
  fellBack: false,
  provider: 'local',
  model: 'some-model',
  promptTokens: 1_204,
  responseTokens: 188,
  latencyMs: 2_100,
  costUsd: 0.0003,
  recording: null,
  parents: ['r_1.7.technical'],
  verdict: null,
  order: {
    id: 'r_1.7.order',
    side: 'BUY',
    type: 'market',
    quantity: 8,
    stop: 98.9,
    status: 'approved',
    reason: 'size cut to fit positionPct 50',
  },
};
const technical: DecisionRecord = {
  ...decision,
  id: 'r_1.7.technical',
  agent: 'technical',
  kind: 'signal',
  confidence: 0.71,
  keyFactors: [{ text: 'trend up', evidence: ['e3', 'e4', 'e9'] }],
  evidence: [
    { id: 'e3', name: 'ema-50', value: 101.2, unit: 'USD', eventAt: at, knownAt: at },
    { id: 'e4', name: 'ema-200', value: 98.4, unit: 'USD', eventAt: at, knownAt: at },
  ],
  missing: [],
  order: null,
};
const proposal: DecisionRecord = { ...technical, id: 'r_1.7.technical.proposal', kind: 'proposal' };
const verdict: DecisionRecord = {
  ...technical,
  id: 'r_1.7.risk.technical',
  agent: 'risk',
  kind: 'verdict',
  verdict: { approved: true, adjustedSize: 12, riskScore: 0.34, warnings: ['thin volume'] },
};
const sentiment: DecisionRecord = {
  ...technical,
  id: 'r_1.7.sentiment',
  agent: 'sentiment',
  stance: 'SHORT',
  confidence: 0.35,
  keyFactors: [],
  reasoning: 'Gloomy \x1b[2Jnews.',
};
const view: DecisionView = {
  decision,
  voices: [technical, proposal, verdict, sentiment],
  outcome: {
    status: 'open',
    filledAt: at,
    price: 101.93,
    fee: 1.22,
    closedAt: null,
    exit: null,
    exitBy: null,
    pnl: null,
    returnPct: null,
    reason: null,
  },
  prompt: 'You are the chief.',
  answer: '{"action":"BUY"}',
};

describe('one decision', () => {
  const lines = renderDecision(view, brief, terminal).split('\n');

  test('reads from what was decided to what followed', () => {
    expect(lines.filter((line) => line !== '')).toEqual([
      '▲ BUY 12 SYN-A   confidence 0.62   2024-03-05 14:00 UTC',
      '  by llm, rung primary · some-model · 1,204+188 tokens · 2.1 s · $0.0003',
      '  Trend and mood agree.',
      '  Why      the vote is clear  vote 0.53 score [chief.e1]',
      '  For      technical  ▲ 0.71  trend up  ema-50 101.20 USD [technical.e3]  ema-200 98.40 USD',
      '                              [technical.e4]  [technical.e9] not stored',
      '                              risk: approved 12 of 12 · stop 98.90 · risk score 0.34 · thin volume',
      '  Against  sentiment  ▼ 0.35  Gloomy �[2Jnews.',
      '  Failed   ✕ reversion (failed: not counted as flat)',
      '  Missing  order-book (not configured) · coverage 0.75',
      '  Guard    passed: BUY 8 of 12, stop 98.90 (size cut to fit positionPct 50)',
      '  Outcome  filled at 101.93 on 2024-03-05 14:00 UTC, fee 1.22 → still open',
      '  --prompt  --raw  --evidence  --parents  --json',
    ]);
  });

  test('shows more on demand', () => {
    const all = renderDecision(view, { evidence: true, parents: true, prompt: true, raw: true }, terminal);
    expect(all).toContain('Evidence vote 0.53 score [chief.e1]');
    expect(all).toContain('Rests on r_1.7.technical');
    expect(all).toContain('    You are the chief.');
    expect(all).toContain('    {"action":"BUY"}');
    const rules = renderDecision({ ...view, prompt: null }, { ...brief, prompt: true }, terminal);
    expect(rules).toContain('none: no provider was asked');
  });

  test('evidence that the model was not shown is not passed off as seen', () => {
    const shown = (inputs: DecisionRecord['inputs']) =>
      renderDecision({ ...view, decision: { ...decision, inputs } }, { ...brief, evidence: true }, terminal);
    const text = shown({ leftOut: { evidence: 12, voices: 1 } });
    expect(text).toContain('  Left out evidence: the model was not shown its last 12 lines\n');
    expect(text).toContain('           voices: the model was not shown its last line\n');
    expect(shown({})).not.toContain('Left out');
  });

  test('a refused order and a fall-back are said in words', () => {
    const refused: DecisionRecord = {
      ...decision,
      source: 'rules',
      rung: 'rules',
      fellBack: true,
      order: { ...decision.order!, status: 'refused', reason: 'stop is 7.00 % away' },
    };
    const text = renderDecision({ ...view, decision: refused, outcome: null }, brief, terminal);
    expect(text).toContain('Guard    ✕ refused: stop is 7.00 % away');
    expect(text).toContain('by rules: fell back, the model failed');
  });

  test('why it fell back is said by code and message, without its raw answer', () => {
    const inputs = {
      failures: [
        { model: 'claude/large', code: 'budget-exceeded', message: 'the budget of this run is spent' },
      ],
    };
    const fallen: DecisionRecord = { ...decision, source: 'rules', rung: 'rules', fellBack: true, inputs };
    const wide = { ...terminal, columns: 110 };
    const text = renderDecision({ ...view, decision: fallen }, brief, wide);
    expect(text).toContain('by rules: fell back, the budget was spent');
    expect(text).toContain('✕ chief asked claude/large: budget-exceeded: the budget of this run is spent');
  });

  test('any other record can be shown too', () => {
    const text = renderDecision({ ...view, decision: technical, voices: [], outcome: null }, brief, terminal);
    expect(text).toMatch(/^▲ signal of technical: LONG SYN-A {3}confidence 0\.71/);
    expect(text).not.toContain('Against');
  });
});
