import type { DeskSpec } from '../desk/index.ts';
import type { ModelShare } from '../engine/index.ts';
import { chosenModels } from '../llm/index.ts';
import type { RunSettings } from './run-settings.ts';
import type { RunTally } from './run-tally.ts';

/** Which models answered a run's decisions, and which of them in place of the one that the desk's chief was meant to ask. */
export function answeredBy(
  { answers }: Pick<RunTally, 'answers'>,
  { llm }: Pick<RunSettings, 'llm'>,
  { chief }: Pick<DeskSpec, 'chief'>,
): readonly ModelShare[] {
  const chosen = chosenModels(llm, chief.profile);
  return answers.map((share) => {
    const isFallback = !chosen.includes(share.model);
    return { ...share, standIn: share.rung === 'backup' ? 'backup' : isFallback ? 'fallback' : null };
  });
}
