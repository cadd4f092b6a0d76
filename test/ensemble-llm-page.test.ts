import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMoonRunner } from '../src/agents/index.ts';
import { createRunners, type Runner, readEnsemble } from '../src/ensemble/index.ts';
import { createLlmRunner } from '../src/runners/index.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/ensemble-llm.md'), 'utf8');

const refuse = () => {
  throw new Error('nobody is asked');
};
const kinds = [
  createLlmRunner({ models: refuse, resolve: refuse, profiles: [], repair: refuse }) as Runner,
  createMoonRunner() as Runner,
];

test('every ensemble on docs/ensemble-llm.md can be read', () => {
  const ensembles = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(ensembles).toHaveLength(2);
  for (const text of ensembles) readEnsemble(text, 'docs/ensemble-llm.md', createRunners(kinds));
});

test.each(kinds.map((runner) => [runner.kind, runner] as const))(
  'docs/ensemble-llm.md has a row for each key of %s',
  (kind, { settings }) => {
    const section = page.split(/^## /m).find((one) => one.startsWith(`\`${kind}\``)) ?? '';
    const keys = section.split(/^### /m)[0] ?? '';
    expect([...keys.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key)).toEqual(Object.keys(settings.shape));
  },
);
