import type { EnsembleDefinition, PreparedEnsemble } from '../src/ensemble/index.ts';
import { built } from './built.ts';

const width = 5;
const depth = 4;

/** Names by phase; each agent depends on all of the phase before. */
export const layers: readonly (readonly string[])[] = Array.from({ length: depth }, (_phase, phase) =>
  Array.from({ length: width }, (_agent, agent) => `agent-${phase}-${agent}`),
);

const works = { async: async () => 1, plain: () => 1 };

/** Agents that do nothing, each with a limit on its time, as a program would define them. */
export function noOps(work: keyof typeof works): EnsembleDefinition {
  const agents = layers.flatMap((layer, phase) =>
    layer.map((name) => {
      const depends_on = layers[phase - 1] ?? [];
      return [name, { kind: 'code', run: works[work], depends_on, timeoutMs: 60_000 }] as const;
    }),
  );
  const from = layers[depth - 1]![0]!;
  return { ensemble: 'no-ops', agents: Object.fromEntries(agents), output: { from } };
}

/** An ensemble of functions, ready to run. */
export async function prepared(definition: EnsembleDefinition): Promise<PreparedEnsemble> {
  const { ensemble } = await built();
  const runners = ensemble.createRunners([ensemble.codeRunner as never]);
  const nothing = () => {
    throw new RangeError('it names no file');
  };
  return ensemble.prepareEnsemble(ensemble.specFromDefinition(definition, runners), {
    ...{ runners, answers: null },
    files: { folder: import.meta.dirname, find: () => null, read: nothing, openEnsemble: nothing },
  });
}
