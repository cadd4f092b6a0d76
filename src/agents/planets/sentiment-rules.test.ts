import { expect, test } from 'vitest';
import { EvidenceSheet } from '../evidence-sheet.ts';
import { decideSentiment } from './sentiment-rules.ts';

function decide(score: number, count: number) {
  const sheet = new EvidenceSheet(0);
  sheet.add('close', 100, 'USD');
  sheet.add('news-count', count, 'items');
  sheet.add('news-score', score, 'score');
  return decideSentiment(sheet);
}

test.each([
  [0.2, 2, 'BUY', 0.2],
  [-0.2, 2, 'SELL', 0.2],
  [1, 5, 'BUY', 1],
  [-0.75, 3, 'SELL', 0.75],
  [0.199, 9, 'HOLD', 0.801],
  [-0.199, 9, 'HOLD', 0.801],
  [0, 2, 'HOLD', 1],
  // One item is no tone, however loud.
  [0.9, 1, 'HOLD', 0.1],
  [-1, 1, 'HOLD', 0],
])(
  'a mean of %d over %d items is %s with confidence %d, and never a trade',
  (score, count, action, confidence) => {
    const answer = decide(score, count);
    expect(answer).toMatchObject({ action, sizePct: null, stop: null });
    expect(answer.confidence).toBeCloseTo(confidence, 12);
    expect(answer.keyFactors).toEqual([{ text: expect.any(String), evidence: ['e3', 'e2'] }]);
  },
);
