import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roundToLot } from './index.ts';

describe('whole lots', () => {
  test.each([
    ['equity', 2.99, 2],
    ['equity', 3, 3],
    ['equity', 0.99, 0],
    ['equity', -3, 0],
    ['crypto', 0.123_456_9, 0.123_456],
    // 0.3 / 1e-6 is 299999.99999999994: the dust of a decimal costs no lot.
    ['crypto', 0.3, 0.3],
    ['crypto', 0.000_000_9, 0],
    ['crypto', 0, 0],
  ] as const)('%s %d is %d', (assetClass, quantity, expected) => {
    expect(roundToLot(quantity, assetClass)).toBe(expected);
  });

  test('rounding twice is rounding once, never up by more than a billionth of a lot, and costs less than a lot', () => {
    const quantity = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(quantity, fc.constantFrom('equity' as const, 'crypto' as const), (wanted, assetClass) => {
        const lot = assetClass === 'equity' ? 1 : 1e-6;
        const rounded = roundToLot(wanted, assetClass);
        expect(roundToLot(rounded, assetClass)).toBe(rounded);
        expect(rounded).toBeLessThanOrEqual(wanted * (1 + Number.EPSILON) + lot * 1.000_001e-9);
        expect(rounded).toBeGreaterThan(wanted * (1 - Number.EPSILON) - lot);
      }),
      { numRuns: 1000 },
    );
  });
});
