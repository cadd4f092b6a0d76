import { expect, test } from 'vitest';
import { answerFault } from './answer-fault.ts';

const schema = {
  name: 'technical',
  schema: {
    type: 'object',
    properties: { up: { type: 'boolean' } },
    required: ['up'],
    additionalProperties: false,
  },
} as const;
const answer = { finishReason: 'stop', text: '{"up":true}' } as const;

test.each([
  ['fits its schema', schema, answer, null],
  ['does not fit it', schema, { ...answer, text: 'It looks good.' }, 'answer-invalid'],
  ['is a refusal', schema, { ...answer, finishReason: 'refusal' }, 'provider-refused'],
  ['was cut off', schema, { ...answer, finishReason: 'length' }, 'answer-invalid'],
  ['is free text', null, { ...answer, text: 'It looks good.' }, null],
  ['is empty', null, { ...answer, text: ' ' }, 'answer-invalid'],
  ['wants tools run first', null, { ...answer, text: '', finishReason: 'tools' }, null],
] as const)('an answer that %s', (_, wanted, said, fault) => {
  expect(answerFault({ schema: wanted }, said)).toBe(fault);
});
