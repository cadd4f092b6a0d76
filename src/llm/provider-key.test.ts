import { describe, expect, test } from 'vitest';
import type { ProviderSettings } from './llm-settings.ts';
import { keyVariable, providerKey } from './provider-key.ts';
import { createRedact } from './redact.ts';
import { resolveProfile } from './resolve-profile.ts';
import type { StoredKeys } from './stored-keys.ts';

const local: ProviderSettings = {
  kind: 'openai-compatible',
  baseUrl: 'http://127.0.0.1:9999/v1',
  apiKeyEnv: 'LOCAL_KEY',
};
const stored: StoredKeys = {
  keyOf: (provider) => (provider === 'local' ? 'key-of-the-store' : null),
  readableKeys: () => ['key-of-the-store', 'key-of-nobody-here'],
};

describe('the key of a provider', () => {
  test('is the one in the environment, else the one that is stored under its name', () => {
    expect(providerKey('local', local, { LOCAL_KEY: 'key-of-the-shell' }, stored)).toBe('key-of-the-shell');
    expect(providerKey('local', local, { LOCAL_KEY: ' ' }, stored)).toBe('key-of-the-store');
    expect(providerKey('local', { kind: 'ollama' }, {}, stored)).toBe('key-of-the-store');
    expect(providerKey('other', local, {}, stored)).toBeNull();
  });

  test.each([
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['google', 'GEMINI_API_KEY'],
    ['google', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ] as const)('of kind %s is looked for in $%s', (kind, variable) => {
    expect(keyVariable({ kind }, { [variable]: 'customary' })).toBe(variable);
    expect(providerKey('mine', { kind }, { [variable]: 'customary' }, stored)).toBe('customary');
    expect(providerKey('mine', { kind, apiKeyEnv: 'MINE' }, { [variable]: 'customary' })).toBeNull();
  });

  test('that is stored makes a profile usable', () => {
    const settings = {
      providers: { local, other: local },
      profiles: { analyst: { provider: 'local', model: 'any' }, chief: { provider: 'other', model: 'any' } },
    };
    expect(resolveProfile(settings, 'analyst', {}, stored).kind).toBe('usable');
    expect(resolveProfile(settings, 'chief', {}, stored)).toMatchObject({
      kind: 'not-configured',
      detail: expect.stringMatching(/^\$LOCAL_KEY, .* is not set, and none is stored$/),
    });
  });
});

test('every stored key is redacted, also beside one in the environment and of providers nobody configured', () => {
  const redact = createRedact(
    { providers: { local }, profiles: {} },
    { LOCAL_KEY: 'key-of-the-shell' },
    stored,
  );
  const said = String.raw`key-of-the-shell key-of-the-store key-of-nobody-here "key-of-the-\u0073tore"`;
  expect(redact(said)).toBe('[redacted] [redacted] [redacted] "[redacted]"');
});
