import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createRunners, type Runner, readEnsemble } from '../src/ensemble/index.ts';
import {
  createHttpRunner,
  createHumanRunner,
  createModelRunner,
  createScriptRunner,
} from '../src/runners/index.ts';
import { openAgentFolder, turnOf } from './agent-at-work.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/ensemble-agents.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

const { env: environment } = process;
const [script, http, model, human] = [
  createScriptRunner({ environment }),
  createHttpRunner({ environment }),
  createModelRunner(),
  createHumanRunner({ ask: null, answers: new Map() }),
];
const kinds = [script, http, model, human] as unknown as readonly Runner[];

const place = openAgentFolder();
afterAll(() => place.remove());

test('every ensemble on docs/ensemble-agents.md can be read', () => {
  const ensembles = blocks('yaml');
  expect(ensembles).toHaveLength(4);
  for (const text of ensembles) readEnsemble(text, 'docs/ensemble-agents.md', createRunners(kinds));
});

test('its programs and its model answer', async () => {
  const [lines = '', trend = ''] = blocks('js');
  place.write('lines.mjs', lines);
  place.write('words.py', blocks('python')[0] ?? '');
  place.write('trend.mjs', trend);
  const turn = turnOf('one two\nthree');
  expect(await place.prepare(script, { command: ['node', 'lines.mjs'] }).answer(turn)).toEqual({
    output: { lines: 2 },
  });
  expect(await place.prepare(script, { command: ['python3', 'words.py'] }).answer(turn)).toEqual({
    output: { words: 3 },
  });
  const { log, info, debug } = console;
  const predicted = await place.prepare(model, { model: 'trend.mjs' }).answer(turnOf([100, 90, 150]));
  Object.assign(console, { log, info, debug });
  expect(predicted).toMatchObject({ output: { direction: 1, change: 0.5 } });
});

test.each(kinds.map((runner) => [runner.kind, runner] as const))(
  'docs/ensemble-agents.md has a row for each key of %s',
  (kind, { settings }) => {
    const section = page.split(/^## /m).find((one) => one.startsWith(`\`${kind}\``)) ?? '';
    expect([...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key)).toEqual(
      Object.keys(settings.shape),
    );
  },
);
