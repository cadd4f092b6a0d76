import { expect, test } from 'vitest';
import { openServer } from './model-place.ts';
import { openWorkplace } from './workplace.ts';

const right = 'canary/the-right-key+1';
const wrong = 'canary/a-wrong-key+2';

test('a key is kept once its provider has answered with it, and never shown', async () => {
  const server = await openServer(({ apiKey }) =>
    apiKey === right
      ? { kind: 'text', text: 'pong' }
      : { kind: 'http', status: 401, body: `{"error":"no key ${apiKey}"}` },
  );
  const place = openWorkplace({ LOCAL_KEY: wrong });
  const llm = {
    providers: {
      local: { kind: 'openai-compatible', baseUrl: server.baseUrl, apiKeyEnv: 'LOCAL_KEY', retries: 0 },
      lonely: { kind: 'openai-compatible', baseUrl: server.baseUrl },
    },
    profiles: { analyst: { provider: 'local', model: 'any' } },
  };
  place.write('orrery.yaml', JSON.stringify({ llm }));
  const logIn = (key: string, provider: string) =>
    place.runWithInput(`${key}\n`, 'auth', 'login', provider, '--json');

  const refused = await logIn(wrong, 'local');
  expect(refused.exitCode).toBe(1);
  expect(JSON.parse(refused.stdout).error).toMatchObject({
    code: 'provider-failed',
    message: expect.stringContaining('local did not take the key, which is not stored: '),
    hint: expect.stringContaining('orrery auth set local'),
  });
  const untried = await logIn(right, 'lonely');
  expect(untried.exitCode).toBe(2);
  expect(JSON.parse(untried.stdout).error.message).toContain('no profile leads to "lonely"');

  // The key that was given is tried, not the one in the environment, which still comes first afterwards.
  const taken = await logIn(right, 'local');
  expect(taken.exitCode).toBe(0);
  expect(JSON.parse(taken.stdout)).toMatchObject({ provider: 'local', variable: 'LOCAL_KEY' });
  expect(taken.stderr).toContain('$LOCAL_KEY is set and comes before');
  expect(server.requests.map(({ apiKey }) => apiKey)).toEqual([wrong, right]);
  const listed = await place.run('auth', 'list', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject([{ provider: 'local', since: expect.any(String) }]);
  const said = [refused, untried, taken, listed].flatMap(({ stdout, stderr }) => [stdout, stderr]).join();
  expect([right, wrong].filter((key) => said.includes(key))).toEqual([]);
});
