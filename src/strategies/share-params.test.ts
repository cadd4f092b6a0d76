import { expect, test } from 'vitest';
import { shareParams } from './share-params.ts';
import { shippedStrategies } from './shipped.ts';

const two = ['sma-cross', 'macd'].map((name) => ({ name, code: shippedStrategies.get(name)! }));

test('a parameter goes to those that have it, and the others keep their own', () => {
  const [cross, macd] = shareParams(two, { fast: 5, signal: 4 });
  expect(cross?.params).toEqual({ fast: 5, slow: 30, size: 0 });
  expect(macd?.params).toEqual({ fast: 5, slow: 26, signal: 4, size: 0 });
});

test('a parameter that none has is refused, with the nearest', () => {
  expect(() => shareParams(two, { signl: 4 })).toThrowError(
    expect.objectContaining({
      code: 'usage-invalid',
      message: 'none of sma-cross, macd has a parameter "signl"',
      hint: 'Did you mean signal? They have fast, slow, size, signal.',
    }),
  );
});
