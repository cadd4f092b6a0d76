import { existsSync } from 'node:fs';
import { OrreryError } from '../core/index.ts';
import type { ProviderKind, ProviderSettings } from './llm-settings.ts';

/** Where each kind listens unless the configuration says otherwise; null where nobody can know. */
const baseUrls: { readonly [Kind in ProviderKind]: string | null } = {
  'openai-compatible': null,
  ollama: 'http://127.0.0.1:11434/v1',
  openrouter: 'https://openrouter.ai/api/v1',
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  plugin: null,
};

/** Their protocols have a path of their own, which people leave out. */
const usualPaths: { readonly [Kind in ProviderKind]?: string } = {
  anthropic: '/v1',
  openai: '/v1',
  google: '/v1beta',
};

/**
 * What can be said of a provider's settings without asking it.
 * @throws OrreryError `configuration-invalid` when they lead nowhere
 */
export function checkProvider(name: string, settings: ProviderSettings): void {
  if (settings.kind === 'plugin') pluginFile(name, settings);
  if (settings.kind !== 'plugin' || settings.baseUrl !== undefined) providerEndpoint(name, settings);
}

/**
 * The address all of a provider's requests begin with, without a slash at its end. Plain http only to this machine: a key must not cross
 * a network unencrypted.
 * @throws OrreryError `configuration-invalid` when the base URL is absent, not a URL, unsafe, or holds a password.
 */
export function providerEndpoint(name: string, settings: ProviderSettings): string {
  const written = settings.baseUrl ?? baseUrls[settings.kind];
  const path = `llm.providers.${name}.baseUrl`;
  if (written === null) {
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
  const directory = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${directory === '' ? (usualPaths[settings.kind] ?? '') : directory}`;
}

/**
 * The file of a provider of one's own.
 * @throws OrreryError `configuration-invalid` when there is none
 */
export function pluginFile(name: string, { module: file }: ProviderSettings): string {
  const path = `llm.providers.${name}.module`;
  if (file === undefined) {
    throw new OrreryError('configuration-invalid', `${path} is missing`, {
      hint: 'Write the path of the .mjs or .ts file, e.g. ./my-provider.mjs.',
    });
  }
  if (!existsSync(file)) {
    throw new OrreryError('configuration-invalid', `${path}: there is no file ${file}`, {
      hint: 'A relative path counts from the file it is written in.',
    });
  }
  return file;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
