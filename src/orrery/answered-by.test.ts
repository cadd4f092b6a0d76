import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createOrrery } from './create-orrery.ts';

const cwd = mkdtempSync(join(tmpdir(), 'orrery-answered-by-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

function configure(model: string): void {
  write(
    'orrery.yaml',
    `llm:
  providers: { local: { kind: openai-compatible, baseUrl: "http://127.0.0.1:9/v1" } }
  profiles: { analyst: { provider: local, model: ${model} } }
`,
  );
}

function answeredBy(): Promise<string> {
  const environment = { ...process.env, HOME: cwd, ORRERY_HOME: join(cwd, 'home') };
  return createOrrery({ cwd, environment }).withEnsemble('outer', {}, async (invocation) =>
    invocation.answeredBy(),
  );
}

test('what answers is known by its texts, prompts and models, also those of an ensemble within', async () => {
  const inner = 'ensemble: inner\nagents:\n  - { name: a, kind: llm, prompt: prompts/a.md }\n';
  configure('some');
  write('prompts/a.md', 'Say {{input}}.\n');
  write('ensembles/inner.yaml', inner);
  write(
    'ensembles/outer.yaml',
    'ensemble: outer\nagents:\n  - { name: b, kind: ensemble, ensemble: inner }\n',
  );
  const before = await answeredBy();
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  write('ensembles/inner.yaml', `# The same.\n${inner}`);
  expect(await answeredBy()).toBe(before);

  const others = new Set([before]);
  write('prompts/a.md', 'Tell {{input}}.\n');
  others.add(await answeredBy());
  configure('another');
  others.add(await answeredBy());
  write('ensembles/inner.yaml', `${inner}timeoutMs: 1000\n`);
  others.add(await answeredBy());
  expect(others.size).toBe(4);
});
