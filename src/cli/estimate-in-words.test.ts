import { expect, test } from 'vitest';
import { estimateInWords } from './estimate-in-words.ts';

const estimate = {
  ...{ likely: { calls: 2_100, usd: 1.2 }, most: { calls: 6_300, usd: 4.1 }, models: 2 },
  ...{ bars: 1_000, claimUsd: 0.01 },
};

test('an estimate is one line, with the budget that holds', () => {
  expect(estimateInWords(estimate, { usdPerRun: 2, usdPerDay: 5 })).toBe(
    'estimate: about 2,100 calls to 2 models, $1.20; at most 6,300 calls and $4.10; budget $2.00 per run, $5.00 per day',
  );
  expect(estimateInWords({ ...estimate, models: 1 }, { tokensPerRun: 9 })).toBe(
    'estimate: about 2,100 calls to 1 model, $1.20; at most 6,300 calls and $4.10; no budget in dollars',
  );
});

test('a budget that will not last is said to, and when', () => {
  const words = (usdPerRun: number, usdPerDay = 5) => estimateInWords(estimate, { usdPerRun, usdPerDay });
  expect(words(0.61)).toMatch(
    /; budget \$0\.61 per run, \$5\.00 per day, spent after about 500 bars of 1,000$/,
  );
  expect(words(2, 0.31)).toMatch(/, spent after about 250 bars of 1,000$/);
  expect(words(0.005)).toMatch(/, too little for one question of the dearest agent$/);
});
