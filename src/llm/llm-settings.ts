import type { BudgetSettings } from './budget/budget.ts';
import type { Price } from './budget/price.ts';
import type { CacheSettings } from './cache/cache-settings.ts';

/** `plugin` is a file of one's own. */
export type ProviderKind =
  | 'openai-compatible'
  | 'ollama'
  | 'openrouter'
  | 'anthropic'
  | 'openai'
  | 'google'
  | 'plugin';

export interface ProviderSettings {
  readonly kind: ProviderKind;
  /** Up to and without `/chat/completions`, `/messages` and the like. Required for `openai-compatible`. */
  readonly baseUrl?: string;
  /** Name of the environment variable that holds the key; for `anthropic`, `openai` and `google` their usual one. */
  readonly apiKeyEnv?: string;
  /** The file of a `plugin`, absolute. */
  readonly module?: string;
  /** Of one try; default 30000. */
  readonly timeoutMs?: number;
  /** Tries after the first; default 2. */
  readonly retries?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

export interface ProfileSettings {
  /** A key of {@link LlmSettings.providers}. */
  readonly provider: string;
  readonly model: string;
  /** Profiles that are asked in this order when it fails; theirs follow them. */
  readonly fallback?: readonly string[];
  /** Profiles among which its questions are shared out, by weight; itself may be one of them. */
  readonly weights?: { readonly [profile: string]: number };
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Without it a call costs 0. */
  readonly usdPerMillion?: Price;
  /** `YYYY-MM-DD` */
  readonly knowledgeCutoff?: string;
}

/** The `llm` section of the configuration. */
export interface LlmSettings {
  readonly providers: { readonly [name: string]: ProviderSettings };
  readonly profiles: { readonly [name: string]: ProfileSettings };
  readonly budget?: BudgetSettings;
  /** Without it every question is asked. */
  readonly cache?: CacheSettings | undefined;
}

/** The process's environment variables, as an argument. */
export type Environment = { readonly [name: string]: string | undefined };
