import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createReducerRunners, createRunners, type Runner, readEnsemble, routeRunner } from '../index.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/ensemble-reducers.md'), 'utf8');
const runners = [...createReducerRunners(), routeRunner as Runner];

test.each(runners.map(({ kind, settings }) => [kind, Object.keys(settings.shape)] as const))(
  'docs/ensemble-reducers.md has a section on %s with every key it takes',
  (kind, keys) => {
    const section = page.split(/^## /m).find((one) => one.startsWith(`${kind}\n`)) ?? '';
    const documented = section
      .split('\n')
      .flatMap((line) => (/^\| (`.*?`) \|/.exec(line)?.[1] ?? '').split(', '));
    expect(documented.filter((key) => key !== '').sort()).toEqual(keys.map((key) => `\`${key}\``).sort());
  },
);

test('every ensemble on docs/ensemble-reducers.md can be read', () => {
  const asked: Runner = {
    kind: 'llm',
    settings: z.strictObject({ prompt: z.string(), profile: z.string().optional() }),
    prepare: () => ({ answer: () => ({ output: null }) }),
  };
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
  expect(blocks).toHaveLength(2);
  for (const text of blocks) readEnsemble(text, 'page.yaml', createRunners([...runners, asked]));
});
