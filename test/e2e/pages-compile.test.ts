import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** A project that has the package installed. */
let project = '';
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'orrery-pages-compile-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/orrery-desk'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(project, { recursive: true }));

/** The pieces of code on a page. */
function piecesOf(page: string): readonly string[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

test('the code on the pages and the examples compile in a project that has the package', () => {
  writeFileSync(join(project, 'library.ts'), piecesOf('library.md').join('\n'));
  for (const page of ['ensembles.md', 'llm.md', 'testing.md']) {
    for (const [index, code] of piecesOf(page).entries()) {
      writeFileSync(join(project, `${page}-${index}.ts`), code);
    }
  }
  cpSync(join(root, 'examples'), join(project, 'examples'), { recursive: true });
  cpSync(join(root, 'examples/provider-plugin.ts'), join(project, 'my-provider.ts'));
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
    ...{ target: 'es2023', module: 'nodenext', moduleResolution: 'nodenext', preserveSymlinks: false },
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
  };
  const include = ['*.ts', 'examples/*.ts'];
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  expect(complaints()).toBe('');
});

function complaints(): string {
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    return execFileSync(process.execPath, [compiler, '-p', project], { cwd: project, encoding: 'utf8' });
  } catch (thrown) {
    return (thrown as { readonly stdout?: string }).stdout || String(thrown);
  }
}
