import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionOf } from '../../../test/council.ts';
import { situationAt } from '../../../test/decisions.ts';
import { holdDecision } from './hold-decision.ts';
import { closeOnStop } from './stop-breach.ts';

const bar = { open: 100, high: 103, low: 97, close: 100, volume: 1 };
const breach = (quantity: number, stop: number | null) =>
  closeOnStop({ ...situationAt(4), bar, position: positionOf(quantity, stop) });

describe('the stop of a position', () => {
  test.each([
    ['a long one whose low touches it', 2, 97, true],
    ['a long one whose low stays above', 2, 96.99, false],
    ['a long one whose low falls through', 2, 98, true],
    ['a short one whose high touches it', -2, 103, true],
    ['a short one whose high stays below', -2, 103.01, false],
    ['a short one whose high jumps over', -2, 101, true],
  ])('of %s', (_which, quantity, stop, closes) => {
    expect(breach(quantity, stop) !== null).toBe(closes);
  });

  test('closes by rules, surely, with the price and the stop as evidence', () => {
    const decision = breach(2, 97);
    expect(decision).toMatchObject({
      ...{ id: 'r.5', kind: 'decision', agent: 'chief', action: 'CLOSE', stance: 'FLAT', confidence: 1 },
      ...{ source: 'rules', rung: 'rules', fellBack: false, parents: [], missing: [], coverage: 1 },
    });
    const [factor] = decision?.keyFactors ?? [];
    const named = factor?.evidence.map((id) => decision?.evidence.find((one) => one.id === id));
    expect(named).toMatchObject([
      { name: 'low', value: 97 },
      { name: 'position-stop', value: 97 },
    ]);
    expect(breach(-2, 103)?.evidence.map(({ name }) => name)).toContain('high');
  });

  test('matters only to who has one', () => {
    expect(breach(2, null)).toBeNull();
    expect(closeOnStop({ ...situationAt(4), bar, position: null })).toBeNull();
  });

  test('is touched exactly when the bar reaches it', () => {
    const price = fc.double({ min: 1, max: 200, noNaN: true });
    fc.assert(
      fc.property(price, price, price, fc.constantFrom(-1, 1), (one, other, stop, quantity) => {
        const range = { ...bar, low: Math.min(one, other), high: Math.max(one, other) };
        const decision = closeOnStop({ ...situationAt(4), bar: range, position: positionOf(quantity, stop) });
        expect(decision !== null).toBe(quantity > 0 ? range.low <= stop : range.high >= stop);
      }),
    );
  });
});

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
