import { createMoonRunner, readPrompt, renderPrompt } from '../agents/index.ts';
import {
  codeRunner,
  createNestedRunner,
  createReducerRunners,
  createRunners,
  type KeptAnswers,
  type Runner,
  type Runners,
  routeRunner,
} from '../ensemble/index.ts';
import { type ChatModel, resolveProfile } from '../llm/index.ts';
import {
  type Ask,
  createHttpRunner,
  createHumanRunner,
  createLlmRunner,
  createModelRunner,
  createScriptRunner,
} from '../runners/index.ts';
import type { ModelAccess } from './model-access.ts';
import { shippedPrompts } from './shipped-prompts.ts';

export interface EnsembleRunnerPorts {
  readonly access: ModelAccess;
  /** By the label of a turn. */
  readonly models: (label: string) => ChatModel;
  /** Null where no person can be asked. */
  readonly ask: Ask | null;
  /** What people have answered beforehand, by agent. */
  readonly given: ReadonlyMap<string, string>;
  /** Of pure agents; null keeps none. */
  readonly answers: KeptAnswers | null;
}

/** Every kind of agent there is. Those of `written` can stand in YAML; functions only in code. */
export function ensembleRunners(ports: EnsembleRunnerPorts): {
  readonly written: Runners;
  readonly all: Runners;
} {
  const { access, models, ask, given, answers } = ports;
  const { llm, environment, storedKeys } = access;
  const repair = readPrompt('repair', shippedPrompts());
  const written: readonly Runner[] = [
    createLlmRunner({
      models,
      resolve: (profile) => resolveProfile(llm, profile, environment, storedKeys),
      profiles: Object.keys(llm.profiles),
      repair: (problems) => renderPrompt(repair, { problems }).text,
    }),
    createMoonRunner(),
    createModelRunner(),
    createScriptRunner({ environment }),
    createHttpRunner({ environment }),
    createNestedRunner(() => ({ runners: known.all, answers })),
    createHumanRunner({ ask, answers: given }),
    routeRunner,
    ...createReducerRunners(),
  ] as readonly Runner[];
  const known = {
    written: createRunners(written),
    all: createRunners([...written, codeRunner as Runner]),
  };
  return known;
}
