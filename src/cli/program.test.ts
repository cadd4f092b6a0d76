import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const source = resolve(import.meta.dirname, '..');

/** Files that are loaded with one, itself included: what it imports in earnest, not when a command is run. */
function loadedWith(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, imported] of text.matchAll(/^(?:import|export)(?! type)[^;]*?'(\.[^']+)';$/gm))
    loadedWith(join(file, '..', imported!), loaded);
  return loaded;
}

test('help waits for no room and no command', () => {
  const loaded = [...loadedWith(join(source, 'cli/main.ts'))].map((file) => relative(source, file));
  expect(loaded).toContain('cli/groups/start.ts');
  const others = loaded.filter((file) => !file.startsWith('cli/') || file.startsWith('cli/commands/'));
  expect(others).toEqual(['package.ts']);
});
