import { describe, expect, test } from 'vitest';
import { decideFromPrompt, type FakeSchema } from './fake-llm-server.ts';

const evidence = { type: 'array', items: { type: 'string', enum: ['e1', 'e2', 'e3', 'e4'] } };
const schema: FakeSchema = {
  properties: {
    action: { enum: ['BUY', 'SELL', 'HOLD', 'CLOSE'] },
    sizePct: { maximum: 5 },
    keyFactors: { items: { properties: { evidence } } },
  },
};

function decide(name: string, lines: readonly string[], narrowed: FakeSchema = schema) {
  const content = ['Decide from these:', ...lines].join('\n');
  const format = { json_schema: { name, schema: narrowed, strict: true } };
  return decideFromPrompt({ model: 'any', messages: [{ role: 'user', content }], response_format: format });
}

function technical(fast: string, slow: string, rsi: string) {
  return decide('technical', [
    '[e1] close = 100 USD',
    `[e2] ema-50 ${fast}`,
    `[e3] ema-200 ${slow}`,
    `[e4] rsi-14 ${rsi}`,
  ]);
}

describe('decideFromPrompt', () => {
  test('technical follows the averages and cites what it read', () => {
    expect(technical('= 101.5 USD', '= 100 USD', '= 55.5')).toMatchObject({
      answer: { action: 'BUY', sizePct: 5, stop: 97, keyFactors: [{ evidence: ['e2', 'e3', 'e4'] }] },
    });
    expect(technical('= 99 USD', '= 100 USD', '= 55')).toMatchObject({
      answer: { action: 'SELL', stop: 103 },
    });
  });

  test('technical holds when stretched, or when a number it needs is missing', () => {
    expect(technical('= 101 USD', '= 100 USD', '= 75')).toMatchObject({
      answer: { action: 'HOLD', stop: null },
    });
    expect(technical('= 101 USD', 'missing: warming-up', '= 55')).toMatchObject({
      answer: { action: 'HOLD' },
    });
  });

  test('sentiment and chief follow the scores, not the scores of a proposal', () => {
    expect(decide('sentiment', ['[e2] news-score = -0.4 score'])).toMatchObject({
      answer: { action: 'SELL' },
    });
    const voices = [
      '[e1] technical = 0.8 score',
      '[e2] sentiment = -0.3 score',
      '[e3] technical.risk-score = -9 score',
    ];
    expect(decide('chief', voices)).toMatchObject({
      answer: { action: 'BUY', sizePct: null, stop: null, keyFactors: [{ evidence: ['e1', 'e2'] }] },
    });
  });

  test('chooses and cites only what the schema offers', () => {
    const other = { type: 'array', items: { type: 'string', enum: ['e7', 'e8'] } };
    const keyFactors = { items: { properties: { evidence: other } } };
    const narrow = { properties: { action: { enum: ['HOLD', 'CLOSE'] }, keyFactors } };
    expect(decide('chief', ['[e1] technical = 0.8 score'], narrow)).toMatchObject({
      answer: { action: 'HOLD', keyFactors: [{ evidence: ['e7'] }] },
    });
  });

  test('the risk officer approves as proposed', () => {
    expect(decide('risk-officer', ['[e1] size = 2 units'])).toMatchObject({
      answer: { approved: true, adjustedSize: null, keyFactors: [{ evidence: ['e1'] }] },
    });
  });
});
