import { expect, test } from 'vitest';
import type { Evidence, RandomBaseline } from '../engine/index.ts';
import { againstHoldSentence, luckVerdict, withInterval } from './index.ts';

const skilled: Evidence = {
  sharpe: { estimate: 1.5, low: 0.6, high: 2.4 },
  againstHold: { sharpe: { estimate: 0.7, low: 0.1, high: 1.3 }, meanReturn: null },
  probabilisticSharpe: 0.99,
  deflatedSharpe: 0.97,
  trials: 3,
  minimumTrackRecordDays: 200,
  insufficient: [],
};
const random: RandomBaseline = {
  runs: 1000,
  returnPct: 1,
  randomReturnPct: { p5: -1, p50: 0, p95: 1 },
  pValue: 0.01,
};

test.each<readonly [string, Partial<Evidence>, number | null, string]>([
  [
    'better',
    {},
    0.01,
    'Luck alone seldom does this, and it is better than holding (p 0.01 against random entries; deflated Sharpe 0.97',
  ],
  [
    'better',
    { trials: 1 },
    null,
    'Luck alone seldom does this, and it is better than holding (deflated Sharpe 0.97, the only variant tried).',
  ],
  ['cannot-tell', {}, 0.21, "Can't tell it from luck (p 0.21"],
  ['cannot-tell', { deflatedSharpe: 0.6 }, 0.01, "Can't tell it from luck (p 0.01"],
  ['cannot-tell', { sharpe: { estimate: 1, low: -0.1, high: 2 } }, 0.01, "Can't tell"],
  [
    'worse',
    { sharpe: { estimate: -2, low: -3, high: -0.1 }, deflatedSharpe: 0.01 },
    0.9,
    'It loses, and bad luck',
  ],
  [
    'insufficient',
    { sharpe: null, deflatedSharpe: null },
    null,
    'Insufficient evidence: the daily returns do not vary.',
  ],
  [
    'insufficient',
    { insufficient: [{ kind: 'trades', found: 12, needed: 30 }] },
    0.001,
    'Insufficient evidence: 12 trades are too few to tell it from luck (30 are needed).',
  ],
])('%s: %j', (kind, changed, pValue, words) => {
  const verdict = luckVerdict({ ...skilled, ...changed }, pValue === null ? null : { ...random, pValue });
  expect(verdict.kind).toBe(kind);
  expect(verdict.sentence).toContain(words);
});

test('an interval stands behind its value', () => {
  expect(withInterval(0.81, { low: -2, high: 3.6 })).toBe('0.81 [−2.00, 3.60]');
  expect(withInterval(null, null)).toBe('–');
});

test('a difference of nothing is the same as holding', () => {
  const sharpe = { estimate: -0.004, low: -0.01, high: -0.001 };
  const evidence = { ...skilled, againstHold: { sharpe, meanReturn: null } };
  expect(againstHoldSentence(evidence)).toMatch(/^The same as holding: /);
  expect(luckVerdict(evidence, null).sentence).toMatch(/this, but it is the same as holding \(/);
});

test.each([
  [0.1, 'Better than holding'],
  [-0.1, "Can't tell it from holding"],
])('against holding, from %d', (low, words) => {
  const sharpe = { estimate: 0.7, low, high: 1.3 };
  expect(againstHoldSentence({ ...skilled, againstHold: { sharpe, meanReturn: null } })).toContain(words);
});
