import { z } from 'zod';
import { countBallots } from './count-ballots.ts';
import { missingIn, narrow, requireQuorum } from './hearing.ts';
import type { Reducer } from './reducer.ts';
import { choiceAt, pathSetting } from './value-at.ts';

export const quorumSetting = z
  .number()
  .min(0)
  .max(1)
  .describe('the share of those asked that must have a voice, from 0 to 1');

/** Of those who were asked; half may be missing. */
export const usualQuorum = 0.5;

const settings = z.strictObject({ field: pathSetting.optional(), quorum: quorumSetting.optional() });

/** One agent, one vote. A tie has no winner. */
export const vote: Reducer<z.infer<typeof settings>> = {
  kind: 'vote',
  settings,
  reduce(said, { field, quorum = usualQuorum }) {
    const hearing = narrow(said, (output) => choiceAt(output, field));
    requireQuorum(hearing, quorum);
    const { winner, share, votes, tied } = countBallots(
      hearing.voices.map(({ value }) => ({ value, weight: 1 })),
    );
    return { output: { winner, share, votes, tied, missing: missingIn(hearing) }, hearing };
  },
};
