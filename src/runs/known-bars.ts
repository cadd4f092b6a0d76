import { dayMs } from '../core/index.ts';
import { barCount, firstBarFrom, type KnownBars } from '../engine/index.ts';
import { reachableProfiles } from '../llm/index.ts';
import type { OpenMarket } from './open-market.ts';
import type { RunSettings } from './run-settings.ts';

/** For each model a run may ask how many of its bars lie in what that model may have read. Nobody has read a made-up market. */
export function knownBars(
  { llm, profiles }: Pick<RunSettings, 'llm' | 'profiles'>,
  { markets, synthetic }: Pick<OpenMarket, 'markets' | 'synthetic'>,
): readonly KnownBars[] {
  if (synthetic) return [];
  const asked = Object.values(profiles).flatMap((profile) => (profile === null ? [] : [profile.name]));
  const known = new Map<string, KnownBars>();
  for (const name of reachableProfiles(llm, asked)) {
    const { provider, model, knowledgeCutoff } = llm.profiles[name]!;
    const key = `${provider}/${model} ${knowledgeCutoff}`;
    if (knowledgeCutoff === undefined || known.has(key)) continue;
    const after = Date.parse(knowledgeCutoff) + dayMs;
    const before = markets.map(({ series, from, to }) => Math.min(to, firstBarFrom(series, after)) - from);
    const barsBefore = before.reduce((sum, bars) => sum + Math.max(0, bars), 0);
    known.set(key, { model: `${provider}/${model}`, knowledgeCutoff, barsBefore, bars: barCount(markets) });
  }
  return [...known.values()];
}

/** One line for each model that may know the outcome. */
export function knownBarsNotes(
  settings: Pick<RunSettings, 'llm' | 'profiles'>,
  market: Pick<OpenMarket, 'markets' | 'synthetic'>,
): readonly string[] {
  const symbols = market.markets.map(({ instrument }) => instrument.symbol).join(', ');
  return knownBars(settings, market)
    .filter(({ barsBefore }) => barsBefore > 0)
    .map(
      ({ model, knowledgeCutoff, barsBefore, bars }) =>
        `${model} may have read about ${symbols}: ${barsBefore} of ${bars} bars lie before its knowledge cut-off ${knowledgeCutoff}`,
    );
}
