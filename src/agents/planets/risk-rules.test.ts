import { describe, expect, test } from 'vitest';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { judgeRisk } from './risk-rules.ts';

function judge(distancePct: number | null, drawdownPct: number, confidence: number) {
  const sheet = new EvidenceSheet(0);
  sheet.add('confidence', confidence, 'score');
  if (distancePct === null) sheet.lack('stop-distance-pct', 'absent');
  else sheet.add('stop-distance-pct', distancePct, '%');
  sheet.add('drawdown-pct', drawdownPct, '%');
  return judgeRisk(sheet, 8);
}

describe('a proposal is refused with risk score 1', () => {
  test.each([
    ['without a stop', null],
    ['with a stop on the wrong side', -1],
    ['with a stop at the close', 0],
    ['with a stop more than 5 % away', 5.001],
  ])('%s', (_why, distancePct) => {
    expect(judge(distancePct, 0, 1)).toMatchObject({ approved: false, adjustedSize: null, riskScore: 1 });
  });
});

describe('else it is approved', () => {
  // 0.5 × distance / 5 % + 0.25 × min(1, drawdown / 20 %) + 0.25 × (1 − confidence), of 8 units.
  test.each([
    ['as in the example of docs/rules.md', 3, 0, 0.55, 0.4125, null],
    ['with a stop exactly 5 % away', 5, 0, 1, 0.5, null],
    ['under 10 % of drawdown in full', 1, 9.99, 1, 0.1 + 0.124_875, null],
    ['from 10 % of drawdown by half', 1, 10, 1, 0.225, 4],
    ['under half confidence by half', 1, 0, 0.49, 0.1 + 0.1275, 4],
    ['at half confidence in full', 1, 0, 0.5, 0.225, null],
    ['by a quarter when both are so', 1, 10, 0.4, 0.1 + 0.125 + 0.15, 2],
    ['with a score of 1 at the worst', 5, 20, 0, 1, 2],
    ['with no more for a deeper drawdown', 5, 90, 0, 1, 2],
  ])('%s', (_how, distancePct, drawdownPct, confidence, riskScore, adjustedSize) => {
    const answer = judge(distancePct, drawdownPct, confidence);
    expect(answer).toMatchObject({ approved: true, adjustedSize });
    expect(answer.riskScore).toBeCloseTo(riskScore, 12);
    expect(answer.warnings).toHaveLength(Math.log2(8 / (adjustedSize ?? 8)));
  });

  test('and names what it looked at', () => {
    expect(judge(3, 0, 0.55).keyFactors.map(({ evidence }) => evidence)).toEqual([['e2'], ['e3'], ['e1']]);
  });
});
