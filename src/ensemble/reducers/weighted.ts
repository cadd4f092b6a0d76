import { z } from 'zod';
import { nearestWord, OrreryError } from '../../core/index.ts';
import { countBallots, sumOf } from './count-ballots.ts';
import { type Hearing, missingIn, narrow, type Voice } from './hearing.ts';
import type { Reducer, Reduction } from './reducer.ts';
import { choiceAt, pathSetting } from './value-at.ts';

const settings = z.strictObject({
  field: pathSetting.optional(),
  weights: z
    .record(
      z.string().describe("an agent's name"),
      z.number().positive().max(1e6).describe('a number above 0, up to 1000000'),
    )
    .describe('weights by agent')
    .optional(),
});

type Weights = NonNullable<z.infer<typeof settings>['weights']>;

/** The weighted mean of numbers, or the weighted vote of anything else. */
export const weighted: Reducer<z.infer<typeof settings>> = {
  kind: 'weighted',
  settings,
  check({ weights = {} }, names) {
    for (const name of Object.keys(weights)) {
      if (!names.includes(name)) throw unknownAgent(name, names);
    }
  },
  reduce(said, { field, weights = {} }) {
    const hearing = narrow(said, (output) => choiceAt(output, field));
    const { voices } = hearing;
    const numbers = voices.filter((voice): voice is Voice<number> => typeof voice.value === 'number');
    if (numbers.length === voices.length) return meanOf({ ...hearing, voices: numbers }, weights);
    if (numbers.length === 0) return winnerOf(hearing, weights);
    const others = voices.filter(({ value }) => typeof value !== 'number');
    const namesOf = (some: readonly Voice[]) => some.map(({ agent }) => agent).join(', ');
    throw new OrreryError(
      'agent-failed',
      `numbers (${namesOf(numbers)}) and words (${namesOf(others)}) cannot be weighed together`,
      { hint: 'Let `field` lead to the same kind of value in each.' },
    );
  },
};

function weightOf(agent: string, weights: Weights): number {
  return Object.hasOwn(weights, agent) ? weights[agent]! : 1;
}

function meanOf(hearing: Hearing<number>, weights: Weights): Reduction {
  const terms = hearing.voices.map(({ agent, value }) => ({ value, weight: weightOf(agent, weights) }));
  terms.sort((a, b) => a.value - b.value || a.weight - b.weight);
  const weight = sumOf(terms.map((term) => term.weight));
  // Shares first: a sum of great numbers would have no end, while a mean lies between the least and the greatest.
  const mean = terms.reduce((sum, term) => sum + term.value * (term.weight / weight), 0);
  const value = Math.min(terms.at(-1)!.value, Math.max(terms[0]!.value, mean)) + 0;
  return { output: { value, weight, missing: missingIn(hearing) }, hearing };
}

function winnerOf(hearing: Hearing, weights: Weights): Reduction {
  const ballots = hearing.voices.map(({ agent, value }) => ({ value, weight: weightOf(agent, weights) }));
  const { winner, share: support, votes, tied } = countBallots(ballots);
  return { output: { winner, support, votes, tied, missing: missingIn(hearing) }, hearing };
}

function unknownAgent(name: string, names: readonly string[]): OrreryError {
  const nearest = nearestWord(name, names);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  return new OrreryError(
    'ensemble-invalid',
    `\`weights\` has \`${name}\`, which is not among its depends_on${suggestion}`,
    { hint: `It depends on ${names.join(', ')}.` },
  );
}
