import type { EnsembleFiles, EnsembleSpec } from '../ensemble/index.ts';

/** An ensemble, its file unless it is defined in code, and the way to the files it names. */
export interface PlacedEnsemble {
  readonly spec: EnsembleSpec;
  readonly file: string | null;
  readonly files: EnsembleFiles;
}

/** An ensemble that was prepared, and all that stand in it, each file once. */
export function ensemblesWithin(outermost: PlacedEnsemble): readonly PlacedEnsemble[] {
  const found: PlacedEnsemble[] = [outermost];
  const known = new Set([outermost.file]);
  for (const { spec, files } of found) {
    for (const { kind, settings } of bodiesOf(spec)) {
      if (kind !== 'ensemble') continue;
      const inner = files.openEnsemble((settings as { readonly ensemble: string }).ensemble);
      if (known.has(inner.file)) continue;
      known.add(inner.file);
      found.push(inner);
    }
  }
  return found;
}

/** Agents that people answer for, by name. */
export function peopleIn(ensembles: readonly PlacedEnsemble[]): readonly string[] {
  const names = ensembles.flatMap(({ spec }) =>
    bodiesOf(spec).flatMap(({ kind, name }) => (kind === 'human' ? [name] : [])),
  );
  return [...new Set(names)];
}

/** What agents do, and what they do by rules. */
function bodiesOf({ agents }: EnsembleSpec) {
  return agents.flatMap(({ name, kind, settings, rules }) => [
    { name, kind, settings },
    ...(rules === null ? [] : [{ ...rules, name }]),
  ]);
}
