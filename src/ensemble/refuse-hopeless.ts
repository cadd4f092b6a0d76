import { OrreryError } from '../core/index.ts';
import type { AgentSpec } from './agent-spec.ts';
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
          hint: hintFor(own),
        },
      );
    }
    for (const other of own.required) needed.add(other);
  }
}

function hintFor({ kind, name }: AgentSpec): string {
  const rules = `or give \`${name}\` rules that stand in`;
  switch (kind) {
    case 'human':
      return `Give the answer with \`--answer ${name}=TEXT\`.`;
    case 'llm':
      return `docs/llm.md says how a model is configured; do that, ${rules}.`;
    case 'script':
      return `Name a file beside the ensemble or a program on PATH in its command, ${rules}.`;
    case 'http':
      return `Set what its address or its headers need, ${rules}.`;
    default:
      return 'orrery ensembles validate says what each agent lacks.';
  }
}
