import vader from 'vader-sentiment';
import { marketWords } from './market-words.ts';

export interface HeadlineScore {
  /** -1 bad news … 1 good news, three decimals; 0 when nothing in it has a valence. */
  readonly score: number;
  /** Words that were read; 0 when there was no text to judge. */
  readonly words: number;
}

/** Text beyond these bounds is left out: VADER's patterns take cubic time on long runs of capitals. */
const longestText = 2_000;
const longestWord = 40;

/**
 * Mood of a headline or post by VADER's compound score (Hutto & Gilbert 2014, `s / √(s² + 15)`) with the market words
 * of `market-words.ts`. It counts words: it understands neither who is meant nor what is asked, so instructions in
 * the text are words like others. The same text gives the same score on every machine.
 */
export function scoreHeadline(text: string): HeadlineScore {
  const words = text
    .slice(0, longestText)
    .split(/\s+/)
    .filter((word) => word !== '' && word.length <= longestWord);
  if (words.length === 0) return { score: 0, words: 0 };
  const { compound } = vader.SentimentIntensityAnalyzer.polarity_scores(words.map(asVaderWord).join(' '));
  return { score: Math.round(compound * 1_000) / 1_000, words: words.length };
}

function asVaderWord(word: string): string {
  const bare = /^[^\p{L}]*([\p{L}-]*\p{L})[^\p{L}]*$/u.exec(word)?.[1];
  const meaning = bare === undefined ? undefined : marketWords.get(bare.toLowerCase());
  if (bare === undefined || meaning === undefined) return word;
  const read = bare.length > 1 && bare === bare.toUpperCase() ? meaning.toUpperCase() : meaning;
  // Only these marks count for VADER, and they count for the whole text; any other would hide the word from it.
  const emphasis = word.replace(/[^!?]/g, '');
  return emphasis === '' ? read : `${read} ${emphasis}`;
}
