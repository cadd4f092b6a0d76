/** `anthropic`, `openai` and `google` may be written; they cannot be asked in this version. */
export type ProviderKind = 'openai-compatible' | 'ollama' | 'openrouter' | 'anthropic' | 'openai' | 'google';

export interface ProviderSettings {
  readonly kind: ProviderKind;
  /** Up to and without `/chat/completions`. Required for `openai-compatible`. */
  readonly baseUrl?: string;
  /** Name of the environment variable that holds the key. */
  readonly apiKeyEnv?: string;
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
  readonly fallback?: readonly string[];
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Without it a call costs 0. */
  readonly usdPerMillion?: { readonly input: number; readonly output: number };
  /** `YYYY-MM-DD` */
  readonly knowledgeCutoff?: string;
}

/** The `llm` section of the configuration. */
export interface LlmSettings {
  readonly providers: { readonly [name: string]: ProviderSettings };
  readonly profiles: { readonly [name: string]: ProfileSettings };
  readonly budget?: {
    readonly usdPerCall?: number;
    readonly usdPerRun?: number;
    readonly usdPerDay?: number;
  };
}

/** The process's environment variables, as an argument. */
export type Environment = { readonly [name: string]: string | undefined };
