import { expect, test } from 'vitest';
import { positionOf } from '../../../test/council.ts';
import { situationAt } from '../../../test/decisions.ts';
import { holdDecision } from './hold-decision.ts';

test.each([
  [0, 'FLAT'],
  [2, 'LONG'],
  [-2, 'SHORT'],
])('when the chief itself failed, who holds %d stays %s by the last rung', (quantity, stance) => {
  const position = quantity === 0 ? null : positionOf(quantity);
  const decision = holdDecision({ ...situationAt(4), position }, 'provider-failed');
  expect(decision).toMatchObject({
    ...{ action: 'HOLD', stance, source: 'hold', rung: 'hold', fellBack: true, confidence: 0 },
    ...{ missing: [{ name: 'chief', reason: 'failed' }], coverage: 0.5 },
    reasoning: 'The chief failed (provider-failed): the desk keeps what it has.',
    keyFactors: [{ evidence: ['e2'] }],
  });
});
