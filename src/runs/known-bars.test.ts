import { expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import type { LlmSettings, ProfileSettings, UsableProfile } from '../llm/index.ts';
import { knownBars, knownBarsNotes } from './known-bars.ts';

const at = (model: string, parts: Partial<ProfileSettings>): ProfileSettings => ({
  provider: 'local',
  model,
  ...parts,
});
const llm: LlmSettings = {
  providers: { local: { kind: 'ollama' } },
  profiles: {
    analyst: at('old', { knowledgeCutoff: '2024-01-02', fallback: ['spare'] }),
    again: at('old', { knowledgeCutoff: '2024-01-02' }),
    spare: at('new', { knowledgeCutoff: '2030-01-01' }),
    chief: at('unknown', {}),
    bystander: at('other', { knowledgeCutoff: '2030-01-01' }),
  },
};
const usable = (name: string): UsableProfile => ({
  ...{ name, provider: 'local', model: 'any', temperature: null, maxTokens: null },
});
const profiles = {
  technical: usable('analyst'),
  risk: usable('again'),
  chief: usable('chief'),
  backup: null,
};
// Four days of bars of 12 hours, the first two of which warm up.
const start = Date.UTC(2024, 0, 1);
const bars = flatBars(Array.from({ length: 8 }, () => 100));
const markets = ['ABC', 'DEF'].map((symbol) => marketOf(symbol, bars, { timeframe: '12h', start, from: 2 }));

test('bars on or before the last known day are counted, for each model that may be asked, once', () => {
  expect(knownBars({ llm, profiles }, { markets, synthetic: false })).toEqual([
    { model: 'local/old', knowledgeCutoff: '2024-01-02', barsBefore: 4, bars: 12 },
    { model: 'local/new', knowledgeCutoff: '2030-01-01', barsBefore: 12, bars: 12 },
  ]);
  expect(knownBarsNotes({ llm, profiles }, { markets, synthetic: false })).toEqual([
    'local/old may have read about ABC, DEF: 4 of 12 bars lie before its knowledge cut-off 2024-01-02',
    'local/new may have read about ABC, DEF: 12 of 12 bars lie before its knowledge cut-off 2030-01-01',
  ]);
});

test('a cut-off before the data is kept and not spoken of', () => {
  const early: LlmSettings = { ...llm, profiles: { analyst: at('old', { knowledgeCutoff: '2023-12-31' }) } };
  const market = { markets, synthetic: false };
  expect(knownBars({ llm: early, profiles }, market)).toMatchObject([{ barsBefore: 0, bars: 12 }]);
  expect(knownBarsNotes({ llm: early, profiles }, market)).toEqual([]);
});

test('a made-up market was read by nobody, and rules read nothing', () => {
  expect(knownBars({ llm, profiles }, { markets, synthetic: true })).toEqual([]);
  expect(knownBars({ llm, profiles: { technical: null } }, { markets, synthetic: false })).toEqual([]);
});
