import type { EnsembleSpec } from './agent-spec.ts';

/** An ensemble and the file it stands in, which is also its name where it stands in none. */
export interface OpenEnsemble {
  readonly spec: EnsembleSpec;
  readonly file: string;
  readonly files: EnsembleFiles;
}

/** The files that an ensemble names, wherever it lies. */
export interface EnsembleFiles {
  /** Where programs of its agents are run. Absolute. */
  readonly folder: string;
  /** The absolute path of a file it names: beside it, above its `ensembles` folder, or where the command was given. Null when there is none. */
  find(path: string): string | null;
  /** @throws OrreryError `file-not-found`, `file-unreadable` */
  read(path: string): string;
  /** Another ensemble, by name or path. @throws OrreryError `ensemble-not-found`, `ensemble-invalid` */
  openEnsemble(nameOrPath: string): OpenEnsemble;
}
