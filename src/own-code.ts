import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs a file of the user's own (`.ts`, `.mjs`, `.js`; absolute) and gives what it exports by default, else all it exports. `orrery-desk`
 * in it means this very package, wherever it lies.
 */
export async function runOwnFile(file: string): Promise<unknown> {
  // What the file prints is for its author; stdout belongs to the result.
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
  const own = fileURLToPath(new URL(`./index${extname(import.meta.url)}`, import.meta.url));
  // Loaded late: without such a file no compiler is needed.
  const { createJiti } = await import('jiti');
  return await createJiti(import.meta.url, { alias: { 'orrery-desk': own } }).import(file, { default: true });
}
