import type { Redact } from '../redact.ts';

/** What every adapter of a provider is made from. */
export interface ProviderOptions {
  /** The provider's name in the configuration. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Null where the server takes requests without one. */
  readonly apiKey: string | null;
  /** What to do when the server turns the key away, for whoever knows where it came from. */
  readonly keyHint?: string;
  readonly redact: Redact;
}
