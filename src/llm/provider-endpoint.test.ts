import { describe, expect, test } from 'vitest';
import type { ProviderKind } from './llm-settings.ts';
import { providerEndpoint } from './provider-endpoint.ts';

const kinds: readonly ProviderKind[] = [
  ...(['openai-compatible', 'ollama', 'openrouter', 'anthropic', 'openai', 'google'] as const),
];

describe.each(kinds)('a provider of kind %s', (kind) => {
  test.each([
    'http://gateway.example.com/v1',
    'http://10.0.0.7/v1',
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com/v1',
    'http://0.0.0.0/v1',
    'ws://gateway.example.com/v1',
  ])('is not reached unencrypted at %s', (baseUrl) => {
    expect(() => providerEndpoint('one', { kind, baseUrl })).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        message: expect.stringContaining('https://'),
      }),
    );
  });

  test('may listen on this machine', () => {
    expect(providerEndpoint('one', { kind, baseUrl: 'http://127.0.0.1:8080/v1' })).toContain(
      'http://127.0.0.1:8080/v1',
    );
  });
});
