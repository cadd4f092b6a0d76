import { expect, test } from 'vitest';
import { estimateInWords } from './estimate-in-words.ts';

const estimate = {
  ...{ likely: { calls: 2_100, usd: 1.2 }, most: { calls: 6_300, usd: 4.1 }, models: 2 },
};

test('an estimate is one line, with the budget that holds', () => {
  expect(estimateInWords(estimate, { usdPerRun: 1, usdPerDay: 5 })).toBe(
    'estimate: about 2,100 calls to 2 models, $1.20; at most 6,300 calls and $4.10; budget $1.00 per run, $5.00 per day',
  );
  expect(estimateInWords({ ...estimate, models: 1 }, { tokensPerRun: 9 })).toBe(
    'estimate: about 2,100 calls to 1 model, $1.20; at most 6,300 calls and $4.10; no budget in dollars',
  );
});
