import { expect, test } from 'vitest';
import { type SimulatedBar, seriesOf } from '../../test/simulated-bars.ts';
import type { DecisionRecord } from '../core/index.ts';
import { freeTerms } from '../trading/index.ts';
import { VoteCount, voteCurve } from './index.ts';

const hour = 3_600_000;
const closeOf = (bar: number) => Date.UTC(2024, 0, 1) + (bar + 1) * hour;

function said(
  bar: number,
  agent: string,
  stance: 'LONG' | 'SHORT' | 'FLAT',
  confidence: number,
): DecisionRecord {
  return { kind: 'signal', instrument: 'A', at: closeOf(bar), agent, stance, confidence } as DecisionRecord;
}

const decided = (bar: number) => ({ kind: 'decision', instrument: 'A', at: closeOf(bar) }) as DecisionRecord;

test('an analyst that does not speak at a bar is heard with its last word', () => {
  const votes = new VoteCount();
  votes.add([decided(0)]);
  votes.add([decided(1), said(1, 'technical', 'LONG', 0.8), said(1, 'sentiment', 'FLAT', 0.9)]);
  votes.add([said(2, 'technical', 'SHORT', 0.6), decided(2)]);
  expect([0, 1, 2].map((bar) => votes.score('A', closeOf(bar)))).toEqual([0, 0.4, -0.3]);
  expect(votes.score('B', closeOf(1))).toBe(0);
});

test('votes are followed at the next open, and left when they no longer suffice', () => {
  const votes = new VoteCount();
  const words = ['LONG', 'LONG', 'FLAT', 'SHORT', 'SHORT'] as const;
  for (const [bar, stance] of words.entries()) votes.add([said(bar, 'technical', stance, 0.5), decided(bar)]);
  const bars: readonly SimulatedBar[] = [100, 100, 110, 110, 120, 100].map((price) => [
    price,
    price,
    price,
    price,
  ]);
  const series = seriesOf(bars);
  const instrument = {
    symbol: 'A',
    assetClass: 'crypto',
    currency: 'USD',
    timeframe: '1h',
    adjusted: null,
  } as const;
  const curve = voteCurve({
    capital: 10_000,
    markets: [{ instrument, series, from: 0, to: 6 }],
    terms: new Map([['A', freeTerms]]),
    votes,
    share: 0.5,
  });
  // Half of 10,000 at 100 is 50 units: + 500 at 110, out there. Half of 10,500 at 120 is 43 units short: + 860 at 100.
  expect(curve.map(({ equity }) => equity)).toEqual([10_000, 10_000, 10_500, 10_500, 10_500, 11_360]);
});
