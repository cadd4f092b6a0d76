/**
 * What market words mean where VADER's general lexicon does not know them, or means something else by them. The
 * package offers no way to extend its lexicon (it is private to the bundle), so a market word is read as a word of
 * VADER's own with the wanted valence; negation, boosters and capitals then work on it as on any other.
 */
const meanings: readonly { readonly readAs: string; readonly words: string }[] = [
  // 2.7
  {
    readAs: 'success',
    words: 'surge surges surged soar soars soared skyrocket skyrockets skyrocketed bullish',
  },
  // 1.9
  {
    readAs: 'good',
    words:
      'beat beats upgrade upgrades upgraded outperform outperforms outperformed rally rallies rallied rebound rebounds ' +
      'rebounded jump jumps jumped climb climbs climbed rise rises rose breakout buyback record recover recovers ' +
      'recovered recovery gain',
  },
  // 1.4
  { readAs: 'robust', words: 'up higher lift lifts lifted bounce raises partnership' },
  // -3.1
  {
    readAs: 'disaster',
    words:
      'plunge plunges plunged crash crashes crashed collapse collapses collapsed bankruptcy default defaults',
  },
  // -2.5
  {
    readAs: 'bad',
    words:
      'miss misses missed downgrade downgrades downgraded underperform underperforms underperformed lawsuit lawsuits ' +
      'slump slumps slumped tumble tumbles tumbled sell-off selloff bearish breakdown delist delisted delisting halt ' +
      'halts halted outage breach exploit layoffs investigation probe recall',
  },
  // -1.8
  {
    readAs: 'fails',
    words:
      'fall falls fell slide slides slid sink sinks sank drop drops dropped slip slips slipped lower down cancelled warns',
  },
  // In VADER's lexicon as praise or blame, in a market only the name of a thing.
  { readAs: 'item', words: 'share shares interest gross support resistance security securities alert trust' },
];

/** A market word in lower case, and the word of VADER's lexicon it is read as; `item` has no valence. */
export const marketWords: ReadonlyMap<string, string> = new Map(
  meanings.flatMap(({ readAs, words }) => words.split(' ').map((word) => [word, readAs] as const)),
);
