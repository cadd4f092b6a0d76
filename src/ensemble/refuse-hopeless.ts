import { OrreryError } from '../core/index.ts';
import type { PreparedEnsemble } from './prepare-ensemble.ts';

/**
 * Refuses a run whose output can never be, before anybody is asked or paid: the agent that gives it, or one that it requires, has nothing
 * to work with here.
 * @throws OrreryError `model-not-configured`, or `agent-failed` of an agent that is no model
 */
export function refuseHopeless({ spec, agents }: PreparedEnsemble): void {
  if (spec.output.kind !== 'agent') return;
  const needed = new Set([spec.output.from]);
  for (const name of needed) {
    const { work, spec: own } = agents.get(name)!;
    if (work.unusable != null) {
      const code = own.kind === 'llm' ? 'model-not-configured' : 'agent-failed';
      throw new OrreryError(
        code,
        `${spec.name} cannot do without \`${name}\`, which cannot work: ${work.unusable}`,
        {
          hint:
            own.kind === 'human'
              ? `Give the answer with \`--answer ${name}=TEXT\`.`
              : 'orrery ensembles validate says what each agent lacks; docs/llm.md how a model is configured.',
        },
      );
    }
    for (const other of own.required) needed.add(other);
  }
}
