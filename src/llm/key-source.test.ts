import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../testing/index.ts';
import type { ChatRequest } from './chat.ts';
import { createGateway } from './create-gateway.ts';
import type { Environment, ProviderSettings } from './llm-settings.ts';
import { noStoredKeys, type StoredKeys } from './stored-keys.ts';

let server: FakeProvider;
beforeAll(async () => {
  server = await startFakeProvider(() => ({ kind: 'http', status: 401, body: 'who are you?' }));
});
afterAll(() => server.close());

const storedKeys: StoredKeys = { keyOf: () => 'key-of-the-store', readableKeys: () => ['key-of-the-store'] };
const request: ChatRequest = {
  ...{
    profile: 'analyst',
    provider: 'local',
    model: 'any',
    temperature: null,
    maxTokens: null,
    schema: null,
  },
  messages: [{ role: 'user', content: 'Up?' }],
};

type Asked = readonly [Partial<ProviderSettings>, Environment, StoredKeys, string];

test.each<Asked>([
  [
    { apiKeyEnv: 'LOCAL_KEY' },
    { LOCAL_KEY: 'key-of-the-shell' },
    storedKeys,
    'The key of local is that of $LOCAL_KEY: check it there.',
  ],
  [
    { apiKeyEnv: 'LOCAL_KEY' },
    {},
    storedKeys,
    'The key of local is the stored one, see orrery auth list; replace it with: orrery auth set local',
  ],
  [
    {},
    {},
    noStoredKeys,
    'local was asked without a key: put one into a variable that llm.providers.local.apiKeyEnv names, or store it with: orrery auth set local',
  ],
  [
    { kind: 'anthropic' },
    {},
    noStoredKeys,
    'local was asked without a key: put one into $ANTHROPIC_API_KEY, or store it with: orrery auth set local',
  ],
])('who is turned away learns which key it was: %j %j', async (parts, environment, stored, hint) => {
  const local: ProviderSettings = {
    kind: 'openai-compatible',
    baseUrl: server.baseUrl,
    retries: 0,
    ...parts,
  };
  const gateway = createGateway({
    settings: { providers: { local }, profiles: { analyst: { provider: 'local', model: 'any' } } },
    ...{ environment, storedKeys: stored, recording: { kind: 'off' } },
  });
  const refused = gateway.within('1.technical').chat(request);
  await expect(refused).rejects.toMatchObject({ code: 'provider-failed', status: 401, hint });
});
