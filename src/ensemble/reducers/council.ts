import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../core/index.ts';
import { countBallots, sumOf } from './count-ballots.ts';
import { missingIn, narrow, type Reading, requireQuorum } from './hearing.ts';
import type { Reducer } from './reducer.ts';
import { choiceAt, numberAt, pathSetting } from './value-at.ts';
import { quorumSetting, usualQuorum } from './vote.ts';

const settings = z.strictObject({
  field: pathSetting.optional(),
  confidence: pathSetting.optional(),
  quorum: quorumSetting.optional(),
});

/** A vote in which each counts as much as it is confident. Who states no confidence from 0 to 1 has no voice. */
export const council: Reducer<z.infer<typeof settings>> = {
  kind: 'council',
  settings,
  reduce(said, { field = 'action', confidence: path = 'confidence', quorum = usualQuorum }) {
    const hearing = narrow(said, (output) => ballotIn(output, field, path));
    requireQuorum(hearing, quorum);
    const ballots = hearing.voices.map(({ value }) => value);
    const { winner, share: support, votes, tied } = countBallots(ballots);
    const won = ballots.filter(
      ({ value }) => winner !== null && canonicalJson(value) === canonicalJson(winner),
    );
    const confidence = won.length === 0 ? 0 : sumOf(won.map(({ weight }) => weight)) / won.length;
    return { output: { winner, confidence, support, votes, tied, missing: missingIn(hearing) }, hearing };
  },
};

function ballotIn(
  output: JsonValue,
  field: string,
  path: string,
): Reading<{ readonly value: JsonValue; readonly weight: number }> {
  const choice = choiceAt(output, field);
  if ('why' in choice) return choice;
  const confidence = numberAt(output, path);
  if ('why' in confidence) return confidence;
  const { value: weight } = confidence;
  if (weight < 0 || weight > 1) return { why: `its \`${path}\` is ${weight}, not from 0 to 1` };
  return { value: { value: choice.value, weight } };
}
