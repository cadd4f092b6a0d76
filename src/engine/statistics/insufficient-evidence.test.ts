import { expect, test } from 'vitest';
import { insufficientEvidence } from './index.ts';

test('250 days and 30 trades are enough; what there is less of is named with its number', () => {
  expect(insufficientEvidence({ days: 250, trades: 30 })).toEqual([]);
  expect(insufficientEvidence({ days: 400, trades: 12 })).toEqual([
    { kind: 'trades', found: 12, needed: 30 },
  ]);
  expect(insufficientEvidence({ days: 249, trades: 29 })).toEqual([
    { kind: 'days', found: 249, needed: 250 },
    { kind: 'trades', found: 29, needed: 30 },
  ]);
});
