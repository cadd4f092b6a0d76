import {
  type DecisionRecord,
  decisionId,
  type Evidence,
  type OrderRecord,
  proposalId,
  signalId,
  verdictId,
} from '../src/core/index.ts';
import type { ReportDecision } from '../src/report/index.ts';

export const sampleRun = 'r_sample';

/** What one bar of the sample desk knows. */
export interface Moment {
  readonly number: number;
  readonly at: number;
  readonly fast: number;
  readonly slow: number;
  readonly quantity: number;
  readonly order: OrderRecord | null;
}

const noCall = {
  provider: null,
  model: null,
  promptTokens: 0,
  responseTokens: 0,
  latencyMs: 0,
  costUsd: 0,
  recording: null,
} as const;

/** The decision at one bar, with a technical and a sentiment planet behind it. */
export function sampleDecision(moment: Moment): ReportDecision {
  const { number, at, order, fast, slow, quantity } = moment;
  const exits = order !== null && quantity !== 0;
  const evidence: readonly Evidence[] = [
    { id: 'e1', name: 'ema-9', value: fast, unit: 'USD', eventAt: at, knownAt: at },
    { id: 'e2', name: 'ema-33', value: slow, unit: 'USD', eventAt: at, knownAt: at },
    { id: 'e3', name: 'adx-14', value: 18 + (number % 17), unit: '', eventAt: at, knownAt: at },
  ];
  const base: DecisionRecord = {
    ...noCall,
    id: decisionId(sampleRun, number),
    number,
    at,
    instrument: 'SYN-A',
    agent: 'chief',
    kind: 'decision',
    action: order === null ? 'HOLD' : exits ? 'CLOSE' : order.side,
    stance:
      order === null
        ? quantity > 0
          ? 'LONG'
          : quantity < 0
            ? 'SHORT'
            : 'FLAT'
        : exits
          ? 'FLAT'
          : order.side === 'BUY'
            ? 'LONG'
            : 'SHORT',
    confidence: Math.min(0.95, 0.3 + Math.abs(fast / slow - 1) * 40),
    size: order?.quantity ?? null,
    sizePct: order === null ? null : 30,
    stop: order?.stop ?? null,
    reasoning:
      order === null
        ? 'The averages are too close together to act: the weighted vote stays under the threshold.'
        : 'The fast average has left the slow one behind and the trend is strong enough; risk agreed to the size.',
    keyFactors: [
      {
        text: fast > slow ? 'fast average above the slow one' : 'fast average below the slow one',
        evidence: ['e1', 'e2'],
      },
    ],
    evidence,
    missing: [{ name: 'order-book', reason: 'not-configured' }],
    coverage: 0.75,
    inputs: { position: quantity },
    source: 'rules',
    rung: 'rules',
    fellBack: false,
    parents: [signalId(sampleRun, number, 'technical'), signalId(sampleRun, number, 'sentiment')],
    verdict: null,
    order:
      order === null
        ? null
        : {
            id: order.id,
            side: order.side,
            type: 'market',
            quantity: order.quantity,
            stop: order.stop,
            status: order.status === 'refused' ? 'refused' : 'approved',
            reason: order.reason,
          },
  };
  return { decision: base, voices: sampleVoices(base, moment, evidence) };
}

function sampleVoices(
  base: DecisionRecord,
  moment: Moment,
  evidence: readonly Evidence[],
): readonly DecisionRecord[] {
  const { number, fast, slow } = moment;
  const common = { ...base, rung: null, order: null, parents: [], missing: [], coverage: 1 } as const;
  const stance = fast > slow * 1.002 ? 'LONG' : fast < slow * 0.998 ? 'SHORT' : 'FLAT';
  const technical: DecisionRecord = {
    ...common,
    id: signalId(sampleRun, number, 'technical'),
    agent: 'technical',
    kind: 'signal',
    action: 'HOLD',
    stance,
    reasoning: 'Moving averages and trend strength, weighed by written rules.',
    keyFactors: [
      { text: stance === 'FLAT' ? 'no clear trend' : 'trend is clear', evidence: ['e1', 'e2'] },
      { text: 'trend strength', evidence: ['e3'] },
    ],
    evidence,
    inputs: {},
  };
  const sentiment: DecisionRecord = {
    ...common,
    id: signalId(sampleRun, number, 'sentiment'),
    agent: 'sentiment',
    kind: 'signal',
    action: 'HOLD',
    stance: number % 3 === 0 ? 'LONG' : 'FLAT',
    confidence: 0.35,
    reasoning: 'Two fresh items, mildly positive.',
    keyFactors: [{ text: 'tone of the news', evidence: ['e4'] }],
    evidence: [
      { id: 'e4', name: 'news-sentiment', value: 0.31, unit: 'score', eventAt: base.at, knownAt: base.at },
    ],
    missing: [{ name: 'posts', reason: 'stale' }],
    coverage: 0.5,
    inputs: { news: [{ text: 'SYN-A maker raises its outlook for the year', source: 'Synthetic Wire' }] },
  };
  if (base.order === null || base.action === 'CLOSE') return [technical, sentiment];
  const proposal: DecisionRecord = {
    ...technical,
    id: proposalId(sampleRun, number, 'technical'),
    kind: 'proposal',
    action: base.action,
    stance: base.stance,
    keyFactors: [],
  };
  const verdict: DecisionRecord = {
    ...common,
    id: verdictId(sampleRun, number, 'risk', 'technical'),
    agent: 'risk',
    kind: 'verdict',
    reasoning: 'Volatility is ordinary and nothing else is open.',
    keyFactors: [],
    verdict: { approved: true, adjustedSize: base.size, riskScore: 0.34, warnings: [] },
  };
  return [technical, sentiment, proposal, verdict];
}
