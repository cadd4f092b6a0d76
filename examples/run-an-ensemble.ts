// An ensemble of functions: nobody is asked, so no key is needed. Run it with: npx tsx examples/run-an-ensemble.ts
import { defineEnsemble, runEnsemble } from 'orrery-desk';

const reading = defineEnsemble({
  ensemble: 'reading',
  agents: {
    words: { kind: 'code', run: ({ input }) => input.text.split(/\s+/).filter(Boolean) },
    lengths: {
      kind: 'code',
      depends_on: ['words'],
      fanOut: 'words.output',
      run: ({ item }) => lengthOf(item?.value),
    },
    longest: {
      kind: 'code',
      depends_on: ['words', 'lengths'],
      required: ['lengths'],
      run: ({ agents }) => {
        const lengths = (agents['lengths']?.output ?? []) as (number | null)[];
        return { words: lengths.length, longest: Math.max(...lengths.map((length) => length ?? 0)) };
      },
    },
  },
  output: { from: 'longest' },
});

function lengthOf(word: unknown): number {
  if (word === 'nobody') throw new Error('a word that nobody can measure');
  return String(word).length;
}

const document = await runEnsemble(reading, 'an orrery shows what nobody sees', {
  watch: (event) => event.kind === 'agent-ended' && console.error(`${event.agent}: ${event.outcome.status}`),
});

// One word failed, so the run is partial, and says which; everybody else went on. `output` is typed by the function it comes from.
console.log(
  `${document.status}: ${document.output?.words} words, the longest has ${document.output?.longest} letters`,
);
console.log('failed:', JSON.stringify(document.agents.lengths.details));
