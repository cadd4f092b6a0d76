import { z } from 'zod';
import type { JsonValue } from '../src/core/index.ts';
import {
  codeRunner,
  createRunners,
  type EnsembleDefinition,
  type EnsembleDocument,
  type EnsembleFiles,
  type EnsembleRunOptions,
  type KeptAnswers,
  type PreparedEnsemble,
  prepareEnsemble,
  type Runner,
  readInput,
  runEnsemble,
  specFromDefinition,
} from '../src/ensemble/index.ts';

/** No files at all. */
const noFiles: EnsembleFiles = {
  folder: '/',
  find: () => null,
  read: (path) => {
    throw new Error(`no file ${path}`);
  },
  openEnsemble: (name) => {
    throw new Error(`no ensemble ${name}`);
  },
};

/** Says what it is told to. */
export const sayRunner: Runner<{ say: JsonValue }> = {
  kind: 'say',
  settings: z.strictObject({ say: z.json() }),
  prepare: ({ say }) => ({ content: () => JSON.stringify(say), answer: () => ({ output: say }) }),
};

export interface EnsembleTestParts {
  readonly runners?: readonly Runner[];
  readonly answers?: KeptAnswers;
  readonly files?: EnsembleFiles;
}

/** An ensemble in code, ready to run; functions and `say` are its kinds, and those given. */
export function prepare(
  definition: EnsembleDefinition,
  { runners = [], answers, files = noFiles }: EnsembleTestParts = {},
): PreparedEnsemble {
  const known = createRunners([codeRunner as Runner, sayRunner as Runner, ...runners]);
  return prepareEnsemble(specFromDefinition(definition, known), {
    runners: known,
    files,
    answers: answers ?? null,
  });
}

export function play(
  definition: EnsembleDefinition,
  input = '',
  parts: EnsembleTestParts = {},
  options: Partial<EnsembleRunOptions> = {},
): Promise<EnsembleDocument> {
  return runEnsemble(prepare(definition, parts), readInput(input), { run: 'e_test', ...options });
}
