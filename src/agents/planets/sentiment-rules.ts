import type { Answer } from '../answer.ts';
import type { EvidenceSheet } from '../evidence-sheet.ts';

const leanAt = 0.2;
const leastItems = 2;

/**
 * The sentiment planet without a model: the mean lexicon score of the last day's items. It leans from ±0.2 and from two
 * items on, and never proposes a trade of its own: words move slower than prices and mislead nearly half the time.
 */
export function decideSentiment(sheet: EvidenceSheet): Answer {
  const score = sheet.value('news-score') ?? 0;
  const count = sheet.value('news-count') ?? 0;
  const leans = Math.abs(score) >= leanAt && count >= leastItems;
  const tone = score > 0 ? 'positive' : 'negative';
  return {
    action: leans ? (score > 0 ? 'BUY' : 'SELL') : 'HOLD',
    confidence: leans ? Math.min(1, Math.abs(score)) : 1 - Math.abs(score),
    reasoning: leans
      ? `The last day's items are ${tone} on balance. Sentiment advises; it does not open trades by itself.`
      : "The last day's items are few or balanced.",
    keyFactors: [
      {
        text: leans ? `mean tone ${tone}` : 'mean tone near zero, or few items',
        evidence: sheet.ids('news-score', 'news-count'),
      },
    ],
    sizePct: null,
    stop: null,
  };
}
