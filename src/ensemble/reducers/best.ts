import { z } from 'zod';
import { missingIn, narrow } from './hearing.ts';
import type { Reducer } from './reducer.ts';
import { numberAt, pathSetting } from './value-at.ts';

const settings = z.strictObject({
  by: pathSetting,
  lowest: z.boolean().describe('true or false').optional(),
});

/** The output with the highest, or lowest, score. Of equals the first in depends_on, and `tied` names them all. */
export const best: Reducer<z.infer<typeof settings>> = {
  kind: 'best',
  settings,
  reduce(said, { by, lowest = false }) {
    const hearing = narrow(said, (output) => {
      const score = numberAt(output, by);
      return 'why' in score ? score : { value: { output, score: score.value } };
    });
    const { voices } = hearing;
    const better = (a: number, b: number) => (lowest ? a < b : a > b);
    const first = voices.reduce((leader, voice) =>
      better(voice.value.score, leader.value.score) ? voice : leader,
    );
    const equals = voices.filter(({ value }) => value.score === first.value.score);
    return {
      output: {
        agent: first.agent,
        output: first.value.output,
        score: first.value.score,
        scores: Object.fromEntries(voices.map(({ agent, value }) => [agent, value.score])),
        tied: equals.length === 1 ? [] : equals.map(({ agent }) => agent),
        missing: missingIn(hearing),
      },
      hearing,
    };
  },
};
