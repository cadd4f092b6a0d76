import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const sources = [
  'src',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/make-database-template.ts',
];
const products = ['dist/cli/main.js', 'dist/database-template.tar.gz'];

/** Tests of the built command must test what the sources say: builds when `dist` is absent or older than they are. */
export function setup(): void {
  const newest = Math.max(...sources.map((source) => changedAt(join(root, source))));
  if (products.every((product) => changedAt(join(root, product)) >= newest)) return;
  try {
    execFileSync('npm', ['run', 'build'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch (thrown) {
    const { stdout = '', stderr = '' } = thrown as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`npm run build failed:\n${stdout}${stderr}`, { cause: thrown });
  }
}

/** The latest change of a file, or of anything in a folder, what was taken away included; 0 when there is none. */
function changedAt(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(found.mtimeMs, ...inside.map((name) => statSync(join(path, name)).mtimeMs));
}
