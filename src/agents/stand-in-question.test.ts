import { expect, test } from 'vitest';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import { fitSection } from '../llm/index.ts';
import { standInQuestion, standInRepair } from './stand-in-question.ts';

const asker = { role: 'technical', moons: 200, voices: 0 };
const unlimited = {
  ...shippedPrompts,
  'technical.md': shippedPrompts['technical.md']!.replace(/^budgets: .*\n/m, ''),
};

test('the longest question is no longer than its budgets, and never shorter than one they cut', () => {
  const { user } = standInQuestion(asker, shippedPrompts, 'longest');
  const evidence = /Evidence:\n(x*)\n/.exec(user)?.[1] ?? '';
  expect(evidence).toHaveLength(2 * 4_000);
  expect(fitSection(evidence, 4_000).leftOut).toBe(0);
  expect(standInQuestion(asker, unlimited, 'longest').user.length).toBeGreaterThan(user.length);
});

test('a question that budgets do not cut is measured as it stands', () => {
  const few = { ...asker, moons: 7 };
  for (const length of ['longest', 'usual'] as const) {
    expect(standInQuestion(few, shippedPrompts, length)).toEqual(standInQuestion(few, unlimited, length));
  }
});

test('a repair turn has its budget too', () => {
  const repair = shippedPrompts['repair.md']!.replace('version: 1', 'version: 1\nbudgets: { problems: 100 }');
  const longer = standInRepair(shippedPrompts).length - standInRepair({ 'repair.md': repair }).length;
  expect(longer).toBe(8 * 600 - 200);
});
