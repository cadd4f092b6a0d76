import { expect, test } from 'vitest';
import type { Baseline, SweepRow } from '../engine/index.ts';
import { bestAgainstHoldSentence } from './index.ts';

const hold: Baseline = { returnPct: 10, sharpe: 0.5, maxDrawdownPct: 5 };
const row = (trades: number) => ({ params: {}, returnPct: 12, sharpe: 0.4, trades }) as unknown as SweepRow;

test.each([
  [400, 40, 'The best beats holding by return only: '],
  [
    400,
    24,
    'Insufficient evidence: 24 trades are too few to tell it from luck (30 are needed). The best beats',
  ],
  [
    100,
    40,
    'Insufficient evidence: 100 days are too few to tell it from luck (250 are needed). The best beats',
  ],
])('the best of a sweep over %i days with %i trades', (days, trades, words) => {
  expect(bestAgainstHoldSentence(row(trades), hold, days)).toContain(words);
});
