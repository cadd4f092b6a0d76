import { readPrompt } from '../agents/index.ts';
import type { CallObserver } from '../core/index.ts';
import {
  describeProfiles,
  describeProviders,
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
   * Asks these profiles, or with none all that can be used, one small question each, within the budgets.
   * @throws OrreryError `usage-invalid` for one that is not configured; where there is a budget `home-locked`, `database-failed`
   */
  pingProfiles(profiles: readonly string[], signal?: AbortSignal): Promise<readonly Ping[]>;
}

interface ModelQuestionPorts {
  readonly models: ModelAccess;
  readonly withDatabase: WithDatabase;
  observers(): Promise<readonly CallObserver[]>;
}

export function questionModels({ models, withDatabase, observers }: ModelQuestionPorts): ModelQuestions {
  const { llm, environment, storedKeys } = models;
  return {
    describeProfiles: () => describeProfiles(llm, environment, storedKeys),
    describeProviders: () => describeProviders(llm, environment, storedKeys),
    async pingProfiles(profiles, signal) {
      const question = readPrompt('ping', shippedPrompts()).user;
      const asked = { settings: llm, environment, storedKeys, observers: await observers() };
      const ping = (budgets?: Database) =>
        pingProfiles({
          ...{ ...asked, profiles, question },
          ...(budgets === undefined ? {} : { budgets }),
          ...(signal === undefined ? {} : { signal }),
        });
      // Only budgets need the database, which a run may be holding.
      return llm.budget === undefined ? ping() : withDatabase('orrery llm ping', 'own', ping);
    },
  };
}
