import { OrreryError } from '../core/index.ts';
import type { ProviderKind, ProviderSettings } from './llm-settings.ts';

/** Kinds that can be asked, and where they listen unless the configuration says otherwise. */
const baseUrls: { readonly [Kind in ProviderKind]?: string | null } = {
  'openai-compatible': null,
  ollama: 'http://127.0.0.1:11434/v1',
  openrouter: 'https://openrouter.ai/api/v1',
};

export function isAvailable(kind: ProviderKind): boolean {
  return baseUrls[kind] !== undefined;
}

/**
 * Where a provider of an available kind takes chat requests. Plain http only to this machine: a key must not cross a network unencrypted.
 * @throws OrreryError `configuration-invalid` when the base URL is absent, not a URL, unsafe, or holds a password.
 */
export function providerEndpoint(name: string, settings: ProviderSettings): string {
  const written = settings.baseUrl ?? baseUrls[settings.kind];
  const path = `llm.providers.${name}.baseUrl`;
  if (written === undefined || written === null) {
    throw new OrreryError('configuration-invalid', `${path} is missing`, {
      hint: 'Write the address of the server, e.g. https://gateway.example.com/v1.',
    });
  }
  if (!URL.canParse(written)) {
    throw new OrreryError('configuration-invalid', `${path} is not a URL`, {
      hint: 'Write it whole, e.g. https://gateway.example.com/v1.',
    });
  }
  const url = new URL(written);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new OrreryError('configuration-invalid', `${path} must begin with https:// (${url.host})`, {
      hint: 'Plain http is accepted for this machine only: 127.0.0.1, localhost or [::1].',
    });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw new OrreryError(
      'configuration-invalid',
      `${path} must not hold a user name, a password or a query`,
      {
        hint: 'Put the key into an environment variable and name it in apiKeyEnv.',
      },
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/chat/completions`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
