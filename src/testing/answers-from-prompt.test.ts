import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../llm/index.ts';
import { answersFromPrompt, evidenceLines, type FakeRequest, type PromptReaderOptions } from './index.ts';

const evidence = { type: 'array', items: { type: 'string', enum: ['e1', 'e2', 'e3', 'e4'] } } as const;
const keyFactors: JsonSchema = { items: { properties: { evidence } } };
const signal: JsonSchema = {
  properties: {
    action: { enum: ['BUY', 'SELL', 'HOLD', 'CLOSE'] },
    confidence: {},
    sizePct: { maximum: 5 },
    stop: {},
    keyFactors,
  },
};
const verdict: JsonSchema = { properties: { approved: {}, adjustedSize: {}, riskScore: {}, keyFactors } };

function answerTo(lines: readonly string[], schema: JsonSchema | null, options?: PromptReaderOptions) {
  const request: FakeRequest = {
    format: 'openai-chat',
    model: 'any',
    system: 'Use only the numbered evidence.',
    messages: [{ role: 'user', content: ['Decide from these:', ...lines].join('\n') }],
    temperature: null,
    maxTokens: null,
    schema: schema && { name: null, schema },
    tools: [],
    stream: false,
    apiKey: null,
    headers: {},
    body: {},
  };
  return answersFromPrompt(options)(request);
}

function byAverages(fast: string, slow: string, rsi: string) {
  return answerTo(
    ['[e1] close = 100 USD', `[e2] ema-50 ${fast}`, `[e3] ema-200 ${slow}`, `[e4] rsi-14 ${rsi}`],
    signal,
  );
}

describe('an action', () => {
  test('follows the averages, citing what it read, with size and stop', () => {
    expect(byAverages('= 101.5 USD', '= 100 USD', '= 55.5')).toEqual({
      kind: 'answer',
      answer: {
        ...{ action: 'BUY', confidence: 0.8, sizePct: 5, stop: 97 },
        keyFactors: [{ text: 'the numbers it was decided from', evidence: ['e2', 'e3', 'e4'] }],
      },
    });
    expect(byAverages('= 99 USD', '= 100 USD', '= 55')).toMatchObject({
      answer: { action: 'SELL', stop: 103 },
    });
  });

  test('is to hold when stretched, or when a number it needs is missing', () => {
    const held = { answer: { action: 'HOLD', sizePct: null, stop: null } };
    expect(byAverages('= 101 USD', '= 100 USD', '= 75')).toMatchObject(held);
    expect(byAverages('= 99 USD', '= 100 USD', '= 25')).toMatchObject(held);
    expect(byAverages('= 101 USD', 'missing: warming-up', '= 55')).toMatchObject(held);
    expect(byAverages('= 101 USD', '= 100 USD', 'missing: warming-up')).toMatchObject(held);
  });

  test('follows the close against a single average', () => {
    for (const [close, action] of [
      [101, 'BUY'],
      [99, 'SELL'],
      [100, 'HOLD'],
    ] as const) {
      const lines = [`[e1] close = ${close} USD`, '[e2] sma-20 = 100 USD'];
      expect(answerTo(lines, signal)).toMatchObject({ answer: { action } });
    }
  });

  test('follows the scores without averages, but not the scores of a proposal', () => {
    expect(answerTo(['[e2] news-score = -0.4 score'], signal)).toMatchObject({ answer: { action: 'SELL' } });
    const voices = [
      '[e1] technical = 0.8 score',
      '[e2] sentiment = -0.3 score',
      '[e3] technical.risk-score = -9 score',
    ];
    expect(answerTo(voices, signal)).toMatchObject({
      answer: { action: 'BUY', sizePct: null, stop: null, keyFactors: [{ evidence: ['e1', 'e2'] }] },
    });
  });

  test('is one that the schema offers, and cites only what it offers', () => {
    const items = { type: 'string', enum: ['e7', 'e8'] } as const;
    const factors = { items: { properties: { evidence: { type: 'array', items } } } } as const;
    const narrow: JsonSchema = { properties: { action: { enum: ['HOLD', 'CLOSE'] }, keyFactors: factors } };
    expect(answerTo(['[e1] technical = 0.8 score'], narrow)).toEqual({
      kind: 'answer',
      answer: { action: 'HOLD', keyFactors: [{ text: expect.any(String), evidence: ['e7'] }] },
    });
  });
});

describe('a verdict', () => {
  const proposal = ['[e1] size-pct = 40 %', '[e2] stop-distance-pct = 4 %'];
  test('approves what would lose less than the limit at its stop, and refuses more', () => {
    expect(answerTo(proposal, verdict)).toMatchObject({
      answer: {
        approved: true,
        adjustedSize: null,
        riskScore: 0.2,
        keyFactors: [{ evidence: ['e1', 'e2'] }],
      },
    });
    expect(answerTo(proposal, verdict, { lossLimitPct: 1.5 })).toMatchObject({ answer: { approved: false } });
  });
  test('refuses a stop on the wrong side, and what it has no numbers of', () => {
    const refused = { answer: { approved: false } };
    expect(answerTo([proposal[0]!, '[e2] stop-distance-pct = -1 %'], verdict)).toMatchObject(refused);
    expect(answerTo([proposal[0]!, '[e2] stop-distance-pct missing: absent'], verdict)).toMatchObject(
      refused,
    );
    expect(answerTo([], verdict)).toMatchObject(refused);
  });
});

test('any other schema gets what fits it, and no schema the numbers in words', () => {
  const other: JsonSchema = {
    type: 'object',
    properties: { done: { type: 'boolean' }, level: { type: 'integer', minimum: 3 } },
  };
  expect(answerTo([], other)).toEqual({ kind: 'answer', answer: { done: false, level: 3 } });
  expect(answerTo([], { type: 'array', minItems: 1, items: { type: 'string' } })).toEqual({
    kind: 'answer',
    answer: ['none'],
  });
  expect(answerTo(['[e1] close = 100 USD'], null)).toEqual({ kind: 'text', text: 'close is 100.' });
});

test('lines of evidence are read, whether they have a value or not', () => {
  const text =
    'So:\n[e1] close = 100.5 USD\n  [e2] rsi-14 = -3\n[e3] atr-14 missing: warming-up\n[e4] = 5\n[e5] x = high';
  expect(evidenceLines(text)).toEqual([
    { id: 'e1', name: 'close', value: 100.5, unit: 'USD' },
    { id: 'e2', name: 'rsi-14', value: -3, unit: '' },
    { id: 'e3', name: 'atr-14', value: null, unit: '' },
  ]);
});
