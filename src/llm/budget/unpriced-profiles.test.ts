import { expect, test } from 'vitest';
import type { LlmSettings } from '../llm-settings.ts';
import { unpricedInWords, unpricedProfiles } from './unpriced-profiles.ts';

const usdPerMillion = { input: 0, output: 0 };
const settings: LlmSettings = {
  providers: { local: { kind: 'ollama' } },
  profiles: {
    chief: {
      provider: 'local',
      model: 'big',
      usdPerMillion,
      fallback: ['spare'],
      weights: { chief: 1, twin: 1, none: 0 },
    },
    twin: { provider: 'local', model: 'twin', fallback: ['chief'] },
    none: { provider: 'local', model: 'none' },
    spare: { provider: 'local', model: 'small' },
    other: { provider: 'local', model: 'other' },
  },
  budget: { usdPerDay: 1 },
};

test('who has no price is named where a budget in dollars is set, stand-ins included', () => {
  expect(unpricedProfiles(settings, ['chief'])).toEqual(['twin', 'spare']);
  expect(unpricedProfiles(settings, ['other', 'gone'])).toEqual(['other']);
  expect(unpricedInWords(settings, ['twin', 'spare'])).toContain(
    'for twin (local/twin), spare (local/small), so',
  );
});

test('that a budget does not hold them back is said where there is one', () => {
  const words = 'no price is known for twin (local/twin), so calls there count as free';
  expect(unpricedInWords(settings, ['twin'])).toBe(`${words} and no budget in dollars holds them back`);
  expect(unpricedInWords({ ...settings, budget: { tokensPerRun: 5 } }, ['twin'])).toBe(words);
});

test('a budget in tokens needs no price', () => {
  expect(unpricedProfiles({ ...settings, budget: { tokensPerRun: 5 } }, ['twin'])).toEqual([]);
  const { budget: _none, ...without } = settings;
  expect(unpricedProfiles(without, ['twin'])).toEqual([]);
});
