import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const hashes = new Map<string, string>();

/** Of a plug-in's file as it was when this process first asked: it runs a file no more than once. Null when it cannot be read. */
export function pluginHash(file: string): string | null {
  const known = hashes.get(file) ?? readHash(file);
  if (known !== null) hashes.set(file, known);
  return known;
}

function readHash(file: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    // Nor can it be run, as whoever asks it is told.
    return null;
  }
}
