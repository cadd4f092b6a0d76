import { readPrompt } from '../agents/index.ts';
import { type CallObserver, OrreryError } from '../core/index.ts';
import {
  checkKey,
  describeProfiles,
  describeProviders,
  keyVariables,
  type LlmSettings,
  type Ping,
  type ProfileDescription,
  type ProviderDescription,
  pingProfiles,
} from '../llm/index.ts';
import type { Database } from '../storage/index.ts';
import type { ModelAccess } from './model-access.ts';
import { shippedPrompts } from './shipped-prompts.ts';
import type { WithDatabase } from './with-database.ts';

export interface ModelQuestions {
  /** Where each configured profile leads, for the person who looks for a mistake. */
  describeProfiles(): readonly ProfileDescription[];
  /** The same by provider. */
  describeProviders(): readonly ProviderDescription[];
  /**
   * Asks these profiles, or with none all of them, one small question each, within the budgets; one that is not configured is
   * listed with that as its error.
   * @throws OrreryError `usage-invalid` for one that is not configured; where there is a budget `home-locked`, `database-failed`
   */
  pingProfiles(profiles: readonly string[], signal?: AbortSignal): Promise<readonly Ping[]>;
  /**
   * Asks a provider one small question with a key that is not stored yet, through the first profile that leads to it.
   * @throws OrreryError `usage-invalid` where no profile does, and what {@link pingProfiles} throws
   */
  tryKey(provider: string, key: string, signal?: AbortSignal): Promise<Ping>;
}

interface ModelQuestionPorts {
  readonly models: ModelAccess;
  readonly withDatabase: WithDatabase;
  observers(): Promise<readonly CallObserver[]>;
}

export function questionModels({ models, withDatabase, observers }: ModelQuestionPorts): ModelQuestions {
  const { llm, environment, storedKeys } = models;
  const ping = async (
    profiles: readonly string[],
    access: Pick<ModelAccess, 'environment' | 'storedKeys'>,
    signal?: AbortSignal,
  ): Promise<readonly Ping[]> => {
    const question = readPrompt('ping', shippedPrompts()).user;
    const asked = { settings: llm, ...access, observers: await observers(), profiles, question };
    const ask = (budgets?: Database) =>
      pingProfiles({
        ...asked,
        ...(budgets === undefined ? {} : { budgets }),
        ...(signal === undefined ? {} : { signal }),
      });
    // Only budgets need the database, which a run may be holding.
    return llm.budget === undefined ? ask() : withDatabase('orrery llm ping', 'own', ask);
  };
  return {
    describeProfiles: () => describeProfiles(llm, environment, storedKeys),
    describeProviders: () => describeProviders(llm, environment, storedKeys),
    pingProfiles: (profiles, signal) => ping(profiles, { environment, storedKeys }, signal),
    async tryKey(provider, key, signal) {
      checkKey(key, 'what was given', 'usage-invalid');
      const [first] = await ping([profileOf(provider, llm)], withKey(models, provider, key), signal);
      return first!;
    },
  };
}

function profileOf(provider: string, { profiles }: LlmSettings): string {
  const found = Object.entries(profiles).find(([, profile]) => profile.provider === provider);
  if (found !== undefined) return found[0];
  throw new OrreryError('usage-invalid', `no profile leads to "${provider}", so its key cannot be tried`, {
    hint: `Write one in orrery.yaml (docs/llm.md), or store the key untried: orrery auth set ${provider}`,
  });
}

/** The key comes before whatever the environment and the store hold for that provider. */
function withKey({ llm, environment, storedKeys }: ModelAccess, provider: string, key: string) {
  const variables = new Set(keyVariables(llm.providers[provider]!));
  const rest = Object.entries(environment).filter(([name]) => !variables.has(name));
  return {
    environment: Object.fromEntries(rest),
    storedKeys: {
      keyOf: (name: string) => (name === provider ? key : storedKeys.keyOf(name)),
      readableKeys: () => [...storedKeys.readableKeys(), key],
    },
  };
}
