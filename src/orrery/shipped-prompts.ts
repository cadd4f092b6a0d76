import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package.ts';

/** Prompts and their schemas, by the name of the file. */
export function shippedPrompts(): { readonly [fileName: string]: string } {
  const folder = join(packageRoot, 'prompts');
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
