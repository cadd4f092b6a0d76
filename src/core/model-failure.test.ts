import { expect, test } from 'vitest';
import { failuresInput, fellBackFor, modelFailures } from './model-failure.ts';

const failures = [
  { model: 'claude/large', code: 'provider-failed', message: 'down' },
  { model: 'local/small', code: 'budget-exceeded', message: 'spent' },
];

test('a record gives back the failures it keeps, and is named for the last', () => {
  const record = { inputs: { timeframe: '1h', ...failuresInput(failures) }, fellBack: true };
  expect(modelFailures(record)).toEqual(failures);
  expect(fellBackFor(record)).toBe('budget-exceeded');
  expect(fellBackFor({ ...record, fellBack: false })).toBeNull();
});

test('a record without any keeps nothing, and one that fell back in an earlier version was failed by its provider', () => {
  expect(failuresInput([])).toEqual({});
  expect(fellBackFor({ inputs: {}, fellBack: true })).toBe('provider-failed');
});

test.each([['words'], [[null, 1, 'one', ['two']]], [[{ model: 1, code: 'a', message: 'b' }]]])(
  'what somebody else wrote there counts for nothing: %j',
  (written) => expect(modelFailures({ inputs: { failures: written } })).toEqual([]),
);
