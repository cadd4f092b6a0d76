import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrreryError } from '../core/index.ts';
import { type EnsembleDocument, formatJson, formatMarkdown } from '../ensemble/index.ts';
import { makeFolder } from '../storage/index.ts';

/** Where one run of an ensemble leaves what it was given and what it came to. */
export interface InvocationFolder {
  readonly path: string;
  /** Writes `result.json` and `result.md`. @throws what the file system throws */
  end(document: EnsembleDocument): void;
}

/**
 * Claims a run's folder and keeps its input there, so that a run that is killed can be done again.
 * @throws OrreryError `run-exists` for a run that has one; what the file system throws
 */
export function beginInvocation(folder: string, run: string, input: string): InvocationFolder {
  const path = join(folder, run);
  makeFolder(folder, 0o700);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
    throw new OrreryError('run-exists', `there is a run "${run}" already, in ${path}`, {
      hint: 'Give another --id, or leave it out.',
    });
  }
  const write = (name: string, text: string) => writeFileSync(join(path, name), text, { mode: 0o600 });
  write('input.txt', input);
  return {
    path,
    end(document) {
      write('result.json', `${formatJson(document)}\n`);
      write('result.md', formatMarkdown(document));
    },
  };
}
