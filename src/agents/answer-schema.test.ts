import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitting } from '../../test/fitting-answers.ts';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import type { JsonValue } from '../core/index.ts';
import { askStructured, type ChatModel, type JsonSchema } from '../llm/index.ts';
import { narrowSchema, type Schema } from './answer-schema.ts';
import { EvidenceSheet } from './evidence-sheet.ts';
import { readPrompt } from './prompt.ts';

const sheet = new EvidenceSheet(0);
sheet.add('close', 100, 'USD');
sheet.lack('rsi-14', 'absent');
const offered = sheet.evidence.map(({ id }) => id);

const shipped = (name: string) => readPrompt(name, shippedPrompts).schema;
const signal = narrowSchema(shipped('technical'), offered);
const decision = narrowSchema(shipped('chief'), offered);
const verdict = narrowSchema(shipped('risk-officer'), offered, { adjustedSize: 5 });

/** Whether the program takes `answer` from a model that says nothing else. */
async function accepts(schema: Schema, answer: JsonValue): Promise<boolean> {
  const usage = {
    provider: 'local',
    model: 'any',
    promptTokens: 0,
    responseTokens: 0,
    latencyMs: 0,
    costUsd: 0,
    cachedPromptTokens: 0,
    cacheWriteTokens: 0,
  };
  const model: ChatModel = {
    chat: async () => ({
      ...{ ...usage, recording: null, calls: 1, turnedAway: 0, cacheHits: 0, recordedCostUsd: 0 },
      ...{ answeredBy: 'any', recorded: false },
      ...{ text: JSON.stringify(answer), finishReason: 'stop', toolCalls: [] },
    }),
  };
  return askStructured({
    model,
    profile: { name: 'analyst', provider: 'local', model: 'any', temperature: null, maxTokens: null },
    messages: [],
    schema: { name: 'technical', schema: schema as JsonSchema },
    repairMessage: (problems) => problems,
  }).then(
    () => true,
    (thrown: { readonly code?: string }) => {
      if (thrown.code !== 'answer-invalid') throw thrown;
      return false;
    },
  );
}

const factor = { text: 'the trend', evidence: ['e1'] };
const answer = {
  ...{ action: 'BUY', confidence: 0.6, reasoning: 'Up, see [e1].', keyFactors: [factor] },
  ...{ sizePct: 20, stop: 97 },
};
const judgement = {
  ...{ approved: true, adjustedSize: 2, riskScore: 0.4, reasoning: 'Fine, see [e1].', warnings: ['a gap'] },
  keyFactors: [factor],
};

describe('narrowing a schema', () => {
  test('offers the ids of the sheet, also of what is missing, and nothing else of the schema changes', () => {
    const items = (schema: Schema) =>
      (schema as JsonSchema).properties?.['keyFactors']?.items?.properties?.['evidence']?.items;
    expect(items(signal)).toEqual({ type: 'string', enum: ['e1', 'e2'] });
    expect(items(shipped('technical'))).toEqual({ type: 'string' });
    const put = (schema: Schema) => JSON.stringify(schema).replace(',"enum":["e1","e2"]', '');
    expect(put(signal)).toBe(JSON.stringify(shipped('technical')));
  });

  test('bounds the properties it is told to, keeps their descriptions, and passes over what is not there', () => {
    const own = shipped('risk-officer')['properties'] as { readonly [name: string]: Schema };
    const narrowed = narrowSchema(shipped('risk-officer'), offered, { adjustedSize: 0.25, size: 3 });
    const properties = narrowed['properties'] as { readonly [name: string]: Schema };
    expect(properties['adjustedSize']).toEqual({ ...own['adjustedSize'], maximum: 0.25 });
    expect(Object.keys(properties)).toEqual(Object.keys(own));
  });

  test('leaves the prompt as it was', () => {
    const before = shipped('risk-officer');
    const copy = structuredClone(before);
    narrowSchema(before, offered, { adjustedSize: 1 });
    expect(before).toEqual(copy);
  });
});

describe.each([
  ['a signal', signal],
  ['a decision', decision],
  ['a verdict', verdict],
])('%s', (_what, schema) => {
  test('that fits its schema is accepted, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(fitting(schema as JsonSchema), async (value) => {
        expect(await accepts(schema, value)).toBe(true);
      }),
    );
  });

  test('that lacks a property or has one too many is refused', async () => {
    const names = Object.keys(schema['properties'] as object);
    await fc.assert(
      fc.asyncProperty(fitting(schema as JsonSchema), fc.constantFrom(...names), async (value, name) => {
        const { [name]: _left, ...rest } = value as { readonly [key: string]: JsonValue };
        expect(await accepts(schema, rest)).toBe(false);
        expect(await accepts(schema, { ...(value as object), note: 'x' })).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe('of answers like those of CONTRACT', () => {
  test.each([
    ['as written', {}],
    ['with confidence 0', { confidence: 0 }],
    ['with confidence 1', { confidence: 1 }],
    ['without a size and a stop', { sizePct: null, stop: null }],
    ['with size 0 and 100', { sizePct: 100 }],
    ['with a stop on the wrong side, which is the guard to refuse', { stop: 103 }],
    ['with HOLD and a size all the same', { action: 'HOLD', sizePct: 50 }],
    ['with evidence that is missing', { keyFactors: [{ text: 'unknown', evidence: ['e2'] }] }],
    ['with the same evidence twice', { keyFactors: [{ text: 'x', evidence: ['e1', 'e1'] }] }],
  ])('one %s is accepted', async (_how, change) => {
    expect(await accepts(signal, { ...answer, ...change })).toBe(true);
    expect(await accepts(decision, { ...answer, ...change })).toBe(true);
  });

  test.each([
    ['another action', { action: 'buy' }],
    ['a confidence above 1', { confidence: 1.01 }],
    ['a confidence below 0', { confidence: -0.01 }],
    ['a confidence in words', { confidence: '0.6' }],
    ['no confidence', { confidence: null }],
    ['empty reasoning', { reasoning: '' }],
    ['no key factor', { keyFactors: [] }],
    ['seven key factors', { keyFactors: Array.from({ length: 7 }, () => factor) }],
    ['a key factor without evidence', { keyFactors: [{ text: 'x', evidence: [] }] }],
    ['evidence that was not offered', { keyFactors: [{ text: 'x', evidence: ['e3'] }] }],
    ['a number for evidence', { keyFactors: [{ text: 'x', evidence: [1] }] }],
    ['a key factor that says more', { keyFactors: [{ ...factor, weight: 1 }] }],
    ['a size below 0', { sizePct: -1 }],
    ['a size above 100', { sizePct: 100.5 }],
    ['a stop at 0', { stop: 0 }],
    ['a stop in words', { stop: '97' }],
  ])('one with %s is refused', async (_how, change) => {
    expect(await accepts(signal, { ...answer, ...change })).toBe(false);
    expect(await accepts(decision, { ...answer, ...change })).toBe(false);
  });

  test.each([
    ['as written', {}],
    ['of the size as proposed', { adjustedSize: 5 }],
    ['that leaves the size', { adjustedSize: null }],
    ['that refuses', { approved: false, adjustedSize: null, riskScore: 1 }],
    ['without warnings', { warnings: [] }],
  ])('a verdict %s is accepted', async (_how, change) => {
    expect(await accepts(verdict, { ...judgement, ...change })).toBe(true);
  });

  test.each([
    ['that enlarges', { adjustedSize: 5.000_001 }],
    ['of size 0', { adjustedSize: 0 }],
    ['that approves in words', { approved: 'true' }],
    ['with a score above 1', { riskScore: 1.1 }],
    ['with a blank warning', { warnings: [''] }],
  ])('a verdict %s is refused', async (_how, change) => {
    expect(await accepts(verdict, { ...judgement, ...change })).toBe(false);
  });
});
