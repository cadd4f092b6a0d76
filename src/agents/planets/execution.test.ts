import { expect, test } from 'vitest';
import { positionOf } from '../../../test/council.ts';
import { decisionOf, situationAt } from '../../../test/decisions.ts';
import type { Action } from '../../core/index.ts';
import { planOrder } from './execution.ts';

function plan(action: Action, held: number, size: number | null = 3) {
  const situation = { ...situationAt(0), position: held === 0 ? null : positionOf(held) };
  return planOrder(situation, decisionOf(situation, { action, size, stop: 97 }));
}

test.each([
  ['HOLD', 0, null],
  ['HOLD', 5, null],
  ['CLOSE', 0, null],
  ['CLOSE', 5, { side: 'SELL', quantity: 5, stop: null }],
  ['CLOSE', -5, { side: 'BUY', quantity: 5, stop: null }],
  ['BUY', 0, { side: 'BUY', quantity: 3, stop: 97 }],
  ['SELL', 0, { side: 'SELL', quantity: 3, stop: 97 }],
  // Already there.
  ['BUY', 5, null],
  ['SELL', -5, null],
  // A reversal closes and opens in one order.
  ['BUY', -5, { side: 'BUY', quantity: 8, stop: 97 }],
  ['SELL', 5, { side: 'SELL', quantity: 8, stop: 97 }],
] as const)('%s while holding %d orders %o', (action, held, order) => {
  expect(plan(action, held)).toEqual(order && { instrument: 'A', ...order });
});
