import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: it stands beside `src` in the checkout and beside `dist` when installed. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** The version that package.json states. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
