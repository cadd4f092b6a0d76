import { describe, expect, test } from 'vitest';
import type { LlmSettings, ProviderSettings } from './llm-settings.ts';
import { resolveAlone, resolveProfile } from './resolve-profile.ts';

const settings: LlmSettings = {
  providers: {
    local: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9999/v1', apiKeyEnv: 'LOCAL_KEY' },
    laptop: { kind: 'ollama' },
    claude: { kind: 'anthropic', requestsPerMinute: 60 },
  },
  profiles: {
    chief: { provider: 'claude', model: 'some-model', fallback: ['analyst'] },
    analyst: { provider: 'local', model: 'any', temperature: 0.2 },
    risk: { provider: 'laptop', model: 'qwen3' },
  },
  budget: { usdPerRun: 1 },
};
const environment = { LOCAL_KEY: 'a-key-of-some-length' };

function withProvider(provider: ProviderSettings): LlmSettings {
  return { providers: { local: provider }, profiles: { analyst: { provider: 'local', model: 'any' } } };
}

describe('resolveProfile', () => {
  test('a profile leads to its provider and model', () => {
    expect(resolveProfile(settings, 'risk', environment)).toEqual({
      kind: 'usable',
      profile: { name: 'risk', provider: 'laptop', model: 'qwen3', temperature: null, maxTokens: null },
    });
  });

  test('one that is not given falls to analyst, then to nothing', () => {
    expect(resolveProfile(settings, 'chief-backup', environment)).toMatchObject({
      profile: { name: 'analyst', provider: 'local', temperature: 0.2 },
    });
    expect(resolveProfile({ providers: {}, profiles: {} }, 'chief', environment)).toEqual({
      kind: 'not-configured',
      detail: 'no profile "chief" and no profile "analyst"',
    });
  });

  describe('where the own provider lacks its key', () => {
    const standing = (chief: Partial<LlmSettings['profiles'][string]>) => ({
      ...settings,
      profiles: { ...settings.profiles, chief: { provider: 'claude', model: 'some-model', ...chief } },
    });

    test.each([
      ['fallback', { fallback: ['analyst'] }],
      ['fallback of a fallback', { fallback: ['nowhere', 'far'] }],
      ['share', { weights: { chief: 3, analyst: 1 } }],
    ])('its %s stands in, under its own name and price', (_, chief) => {
      const described = standing(chief);
      const far = { provider: 'claude', model: 'far', fallback: ['analyst'] };
      const all = {
        ...described,
        profiles: { ...described.profiles, far, nowhere: { ...far, fallback: [] } },
      };
      expect(resolveProfile(all, 'chief', environment)).toMatchObject({
        kind: 'usable',
        profile: { name: 'analyst', provider: 'local', standsFor: 'chief' },
        lacking: expect.stringContaining('$ANTHROPIC_API_KEY'),
      });
      expect(resolveAlone(all, 'chief', environment).kind).toBe('not-configured');
    });

    test('a share that weighs nothing does not, nor a fallback without a key', () => {
      expect(resolveProfile(standing({ weights: { analyst: 0 } }), 'chief', environment).kind).toBe(
        'not-configured',
      );
      expect(resolveProfile(settings, 'chief', {}).kind).toBe('not-configured');
    });
  });

  test('a key that is named must be set', () => {
    for (const LOCAL_KEY of [undefined, '', '  ']) {
      expect(resolveProfile(settings, 'analyst', { LOCAL_KEY })).toMatchObject({
        kind: 'not-configured',
        detail: expect.stringContaining('$LOCAL_KEY'),
      });
    }
  });

  test('a key that cannot be sent is refused without being shown', () => {
    const broken = () => resolveProfile(settings, 'analyst', { LOCAL_KEY: 'first-half\nsecond-half' });
    expect(broken).toThrow(expect.objectContaining({ code: 'configuration-invalid' }));
    expect(broken).not.toThrow(/half/);
  });

  test.each([
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['google', 'GEMINI_API_KEY'],
    ['google', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ] as const)('%s is usable with its usual key in $%s, and without it not configured', (kind, variable) => {
    const claude = withProvider({ kind });
    expect(resolveProfile(claude, 'analyst', {})).toMatchObject({ kind: 'not-configured' });
    expect(resolveProfile(claude, 'analyst', { [variable]: 'a-key-of-some-length' }).kind).toBe('usable');
    const own = withProvider({ kind, apiKeyEnv: 'OWN_KEY' });
    expect(resolveProfile(own, 'analyst', { [variable]: 'a-key-of-some-length' })).toMatchObject({
      detail: expect.stringContaining('$OWN_KEY'),
    });
  });

  test.each([
    ['which is missing', {}, 'module is missing'],
    ['that is not there', { module: '/nowhere/my-provider.mjs' }, 'there is no file /nowhere'],
  ])('a plug-in with a file %s is a mistake', (_what, given, words) => {
    const plugin = withProvider({ kind: 'plugin', ...given });
    expect(() => resolveProfile(plugin, 'analyst', {})).toThrow(words);
  });

  test.each([
    'http://gateway.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'ftp://127.0.0.1/v1',
    'https://user:secret@gateway.example.com/v1',
    'https://gateway.example.com/v1?key=secret',
    'gateway.example.com',
    undefined,
  ])('refuses the base URL %s without repeating a secret in it', (baseUrl) => {
    const provider = { kind: 'openai-compatible', ...(baseUrl === undefined ? {} : { baseUrl }) } as const;
    const resolve = () => resolveProfile(withProvider(provider), 'analyst', {});
    expect(resolve).toThrow(expect.objectContaining({ code: 'configuration-invalid' }));
    expect(resolve).not.toThrow(/secret/);
  });

  test.each([
    'https://gateway.example.com/v1/',
    'http://localhost:1234',
    'http://[::1]:8080/v1',
    'http://127.1.2.3/v1',
  ])('accepts the base URL %s', (baseUrl) => {
    const resolved = resolveProfile(withProvider({ kind: 'openai-compatible', baseUrl }), 'analyst', {});
    expect(resolved.kind).toBe('usable');
  });

  test('a provider that is nowhere described is a mistake, not a missing configuration', () => {
    const profiles = { analyst: { provider: 'lokal', model: 'any' } };
    expect(() => resolveProfile({ ...settings, profiles }, 'analyst', environment)).toThrow(/"lokal"/);
  });
});
