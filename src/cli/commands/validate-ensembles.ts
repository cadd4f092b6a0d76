import { asOrreryError, type OrreryError } from '../../core/index.ts';
import type { PreparedEnsemble } from '../../ensemble/index.ts';
import type { Orrery } from '../../orrery/index.ts';
import { counted } from '../../wording/index.ts';
import type { TerminalSession } from '../terminal-session.ts';

interface Validation {
  readonly ensemble: string;
  readonly file: string | null;
  readonly agents: number | null;
  readonly phases: PreparedEnsemble['plan']['phases'] | null;
  /** To models, when every agent works once. */
  readonly questions: number | null;
  /** Agents that cannot work here, such as for want of a key. That is no fault of the file. */
  readonly unusable: readonly { readonly agent: string; readonly why: string }[];
  /** What is not as written, though it works. */
  readonly notes: PreparedEnsemble['notes'];
  readonly error: OrreryError | null;
}

/** Exit code 2 when one cannot be run. */
export async function validateEnsembles(session: TerminalSession, named: readonly string[]): Promise<number> {
  const orrery = await session.orrery();
  const meant = named.length > 0 ? named : orrery.listEnsembles().map(({ file }) => file);
  const ensembles = meant.map((nameOrPath) => validate(orrery, nameOrPath));
  const ok = ensembles.every(({ error }) => error === null);
  if (session.json) {
    session.printJson({ ok, ensembles: ensembles.map((one) => ({ ...one, error: asData(one.error) })) });
  } else if (ensembles.length === 0) {
    session.say('No ensemble. They lie in ensembles/ and end in .yaml.');
  } else {
    for (const one of ensembles) tell(session, one);
  }
  return ok ? 0 : 2;
}

function validate(orrery: Orrery, nameOrPath: string): Validation {
  try {
    const { file, prepared } = orrery.checkEnsemble(nameOrPath);
    const { spec, plan, questions, notes } = prepared;
    const unusable = [...prepared.agents].flatMap(([agent, { work }]) =>
      work.unusable == null ? [] : [{ agent, why: work.unusable }],
    );
    return {
      ...{ ensemble: spec.name, file, agents: spec.agents.length },
      ...{ phases: plan.phases, questions, unusable, notes, error: null },
    };
  } catch (thrown) {
    return {
      ...{
        ensemble: nameOrPath,
        file: null,
        agents: null,
        phases: null,
        questions: null,
        unusable: [],
        notes: [],
      },
      error: asOrreryError(thrown),
    };
  }
}

function tell(session: TerminalSession, one: Validation): void {
  if (one.error !== null) {
    session.explain(one.error);
    return;
  }
  const { ensemble, agents, phases, questions, unusable, notes } = one;
  const size = `${counted(agents ?? 0, 'agent')} in ${counted(phases?.length ?? 0, 'phase')}`;
  const asked =
    questions === 0 ? 'asks no model' : `at least ${counted(questions ?? 0, 'question')} to models`;
  session.print(`${ensemble}: ${size}, ${asked}`);
  for (const { agent, why } of unusable) session.say(`  ${agent} cannot work here: ${why}`);
  for (const { agent, note } of notes) session.say(`  ${agent}: ${note}`);
}

function asData(error: OrreryError | null) {
  if (error === null) return null;
  const { code, message, hint, retryable } = error;
  return { code, message, hint, retryable };
}
