import { expect, test } from 'vitest';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import type { JsonSchema } from '../llm/index.ts';
import type { Schema } from './answer-schema.ts';
import { EvidenceSheet } from './evidence-sheet.ts';
import { fillPrompt, leftOutInput } from './fill-prompt.ts';
import { readPrompt } from './prompt.ts';

const sheet = new EvidenceSheet(0);
for (let moon = 0; moon < 12; moon++) sheet.add(`moon-${moon}`, 0.5, 'score');
const places = {
  ...{ instrument: 'SYN-A', timeframe: '1h', time: 'noon', position: 'none', critical: 'moon-11' },
};
const shipped = readPrompt('technical', shippedPrompts);

function offeredIn(schema: Schema) {
  return (schema as JsonSchema).properties?.['keyFactors']?.items?.properties?.['evidence']?.items?.enum;
}

test('evidence that is left out cannot be cited either', () => {
  const { user, schema, cuts } = fillPrompt({ ...shipped, budgets: { evidence: 60 } }, sheet, places);
  expect(cuts).toEqual([{ input: 'evidence', tokens: 60, lines: 12, leftOut: 8 }]);
  expect(user).toContain('[e4] moon-3 = 0.5 score\n(8 of 12 lines left out)\n');
  expect(user).not.toContain('[e5]');
  expect(offeredIn(schema)).toEqual(['e1', 'e2', 'e3', 'e4']);
});

test('evidence that fits is offered whole, whatever else was cut', () => {
  const critical = 'moon-11, '.repeat(50);
  const filled = fillPrompt({ ...shipped, budgets: { critical: 60 } }, sheet, { ...places, critical });
  expect(filled.user).toContain('unusual: (1 of 1 lines left out).');
  expect(offeredIn(filled.schema)).toHaveLength(12);
});

test('a record says how many lines of what its model was not shown, and nothing where it saw all', () => {
  const cut = (input: string, leftOut: number) => ({ input, tokens: 60, lines: 12, leftOut });
  expect(leftOutInput([cut('evidence', 9), cut('critical', 1)])).toEqual({
    leftOut: { evidence: 9, critical: 1 },
  });
  expect(leftOutInput([])).toEqual({});
});
