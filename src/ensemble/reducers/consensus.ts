import { z } from 'zod';
import { countBallots } from './count-ballots.ts';
import { missingIn, narrow, reaches, requireQuorum } from './hearing.ts';
import type { Reducer } from './reducer.ts';
import { choiceAt, pathSetting } from './value-at.ts';
import { quorumSetting, usualQuorum } from './vote.ts';

const settings = z.strictObject({
  field: pathSetting.optional(),
  share: z.number().positive().max(1).describe('the share that must agree, above 0 and up to 1').optional(),
  quorum: quorumSetting.optional(),
});

/** Whether enough of those who have a voice say the same. What too few say is no value. */
export const consensus: Reducer<z.infer<typeof settings>> = {
  kind: 'consensus',
  settings,
  reduce(said, { field, share: needed = 1, quorum = usualQuorum }) {
    const hearing = narrow(said, (output) => choiceAt(output, field));
    requireQuorum(hearing, quorum);
    const ballots = hearing.voices.map(({ value }) => ({ value, weight: 1 }));
    const { winner, share, votes } = countBallots(ballots);
    const agreed = winner !== null && reaches(share, needed);
    return {
      output: { agreed, value: agreed ? winner : null, share, votes, missing: missingIn(hearing) },
      hearing,
    };
  },
};
