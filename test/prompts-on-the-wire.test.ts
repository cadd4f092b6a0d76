import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createModelMind, noUsage, readPrompt } from '../src/agents/index.ts';
import { renderPrompt } from '../src/agents/prompt.ts';
import { createGateway, type ProviderKind } from '../src/llm/index.ts';
import { answersFromPrompt, type FakeProvider, promptOf, startFakeProvider } from '../src/testing/index.ts';
import { shippedPrompts } from './shipped-prompts.ts';

interface AskingAgent {
  readonly name: string;
  readonly role: string;
  readonly decider?: readonly string[];
}

const solar: { readonly agents: readonly AskingAgent[]; readonly chief: { readonly role: string } } = parse(
  readFileSync(join(import.meta.dirname, '../desks/solar.yaml'), 'utf8'),
);
const roles = [
  ...solar.agents.filter(({ decider }) => decider?.includes('llm')).map(({ role }) => role),
  solar.chief.role,
];

let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(answersFromPrompt());
});
afterEach(() => server.close());

function mindAt(kind: ProviderKind) {
  const baseUrl = kind === 'google' ? server.googleBaseUrl : server.baseUrl;
  const settings = {
    providers: { wire: { kind, baseUrl, apiKeyEnv: 'WIRE_KEY' } },
    profiles: { analyst: { provider: 'wire', model: 'some-model' } },
  };
  const environment = { WIRE_KEY: 'key-of-the-wire-4711' };
  const profile = {
    name: 'analyst',
    provider: 'wire',
    model: 'some-model',
    temperature: 0.2,
    maxTokens: 800,
  };
  return createModelMind({
    gateway: createGateway({ settings, environment, recording: { kind: 'off' } }),
    profiles: { analyst: profile },
    repair: readPrompt('repair', shippedPrompts),
    notices: { warn: () => undefined, alert: (text) => expect.unreachable(text) },
    usage: noUsage,
    stop: new AbortController().signal,
  });
}

describe.each<ProviderKind>(['openai-compatible', 'openai', 'anthropic', 'google'])(
  'in desk solar, asking a provider of kind %s',
  (kind) => {
    test.each(roles)('everything the prompt of the %s says reaches the model', async (role) => {
      const prompt = readPrompt(role, shippedPrompts);
      const values = Object.fromEntries(
        prompt.inputs.map((input, index) => [
          input,
          `what-${input}-says-${index}\n[e${index}] ${input} = ${index} units`,
        ]),
      );
      const reply = await mindAt(kind).ask({
        ...{ scope: `7.${role}`, profile: 'analyst', role, system: prompt.system },
        ...{ user: renderPrompt(prompt, values).text, cuts: [] },
        schema: prompt.schema,
      });
      expect(reply).toMatchObject({ kind: 'answered' });
      expect(server.requests).toHaveLength(1);
      const [request] = server.requests;
      const asked = promptOf(request!);
      for (const [input, value] of Object.entries(values)) expect(asked, input).toContain(value);
      for (const value of Object.values(values)) expect(request?.system).not.toContain(value);
      expect(request?.system).toBe(prompt.system);
      const wanted = Object.keys((prompt.schema as { properties: object }).properties);
      expect(Object.keys(request?.schema?.schema.properties ?? {})).toEqual(wanted);
      // What Anthropic keeps of a prompt it is told; the others keep whatever prompts begin with alike.
      const marked = { system: [{ text: prompt.system, cache_control: { type: 'ephemeral' } }] };
      if (kind === 'anthropic') expect(request?.body).toMatchObject(marked);
      expect(request).toMatchObject({ temperature: 0.2, maxTokens: 800, apiKey: 'key-of-the-wire-4711' });
    });
  },
);

test('desk solar has four agents that ask a model', () => {
  expect(roles).toEqual(['technical', 'sentiment', 'risk-officer', 'chief']);
});
