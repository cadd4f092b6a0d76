import { describe, expect, test } from 'vitest';
import type { ChatRequest } from './chat.ts';
import type { LlmSettings, ProfileSettings } from './llm-settings.ts';
import { routesOf } from './routes.ts';

const provider = { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1' } as const;

function settings(profiles: Record<string, Partial<ProfileSettings>>): LlmSettings {
  const written = Object.entries(profiles).map(([name, parts]) => [
    name,
    { provider: 'local', model: name, ...parts },
  ]);
  const keyed = { ...provider, apiKeyEnv: 'KEY_THAT_IS_NOT_SET' };
  return { providers: { local: provider, keyed }, profiles: Object.fromEntries(written) };
}

function names(from: LlmSettings, profile: string, question = 'Up?'): readonly string[] {
  const request: ChatRequest = {
    ...{ profile, provider: 'local', model: profile, temperature: null, maxTokens: null, schema: null },
    messages: [{ role: 'user', content: question }],
  };
  return routesOf(from, {}, request).map(({ name }) => name);
}

describe('routes', () => {
  test('are the profile, its fallbacks in order, and theirs, each once', () => {
    const profiles = settings({
      chief: { fallback: ['backup', 'cheap'] },
      backup: { fallback: ['last', 'chief'] },
      cheap: {},
      last: {},
    });
    expect(names(profiles, 'chief')).toEqual(['chief', 'backup', 'last', 'cheap']);
  });

  test('leave out what cannot be used, but never the profile that was asked for', () => {
    const profiles = settings({
      chief: { fallback: ['keyed', 'cheap'] },
      keyed: { provider: 'keyed' },
      cheap: {},
    });
    expect(names(profiles, 'chief')).toEqual(['chief', 'cheap']);
    expect(names(profiles, 'gone')).toEqual(['gone']);
  });

  test('are never none: who weighs nothing is asked when nobody else can be', () => {
    const profiles = settings({
      chief: { weights: { chief: 0, keyed: 1 } },
      keyed: { provider: 'keyed' },
      one: { weights: { one: 0, other: 1 } },
      other: { weights: { other: 0, one: 1 }, fallback: ['other'] },
    });
    expect(names(profiles, 'chief')).toEqual(['chief']);
    expect(names(profiles, 'one')).toEqual(['one']);
    expect(names(profiles, 'other')).toEqual(['other']);
  });

  test('are shared out by weight, the same way for the same question', () => {
    const profiles = settings({ chief: { weights: { chief: 3, other: 1, never: 0 } }, other: {}, never: {} });
    const first = Array.from({ length: 2_000 }, (_, at) => names(profiles, 'chief', `Question ${at}?`));
    const share = first.filter(([name]) => name === 'other').length / first.length;
    // Four standard errors of a share of a quarter among 2,000.
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 2_000));
    expect(new Set(first.map((routes) => [...routes].sort().join()))).toEqual(new Set(['chief,other']));
    expect(names(profiles, 'chief', 'Question 7?')).toEqual(first[7]);
  });

  test('begin with those that share, when the profile itself has no weight', () => {
    const profiles = settings({
      chief: { weights: { one: 1, other: 1 }, fallback: ['last'] },
      one: {},
      other: {},
      last: {},
    });
    const all = Array.from({ length: 50 }, (_, at) => names(profiles, 'chief', `Question ${at}?`));
    expect(new Set(all.map(([first]) => first))).toEqual(new Set(['one', 'other']));
    for (const routes of all) expect(routes.slice(2)).toEqual(['chief', 'last']);
  });

  test('of a stand-in are those of the profile it stands for, which stays out', () => {
    const profiles = settings({
      chief: { weights: { chief: 1, one: 1 }, fallback: ['keyed', 'two'] },
      keyed: { provider: 'keyed' },
      one: { fallback: ['three'] },
      two: {},
      three: {},
    });
    const request: ChatRequest = {
      ...{ profile: 'one', standsFor: 'chief', provider: 'local', model: 'as sealed', temperature: 0.5 },
      ...{ maxTokens: null, schema: null, messages: [] },
    };
    const routes = routesOf(profiles, { KEY_THAT_IS_NOT_SET: 'set-since' }, request);
    expect(routes.map(({ name }) => name)).toEqual(['one', 'three', 'keyed', 'two']);
    expect(routes[0]).toMatchObject({ model: 'as sealed', temperature: 0.5 });
  });
});
