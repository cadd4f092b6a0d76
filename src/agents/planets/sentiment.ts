import { dayMs } from '../../core/index.ts';
import { EvidenceSheet } from '../evidence-sheet.ts';
import type { Observations } from '../observations.ts';
import { addPosition } from '../position-evidence.ts';
import { fenceText } from '../prompt.ts';
import type { Domain } from './planet.ts';
import { decideSentiment } from './sentiment-rules.ts';

const window = dayMs;
const shownItems = 8;

/** Reads the last day's news and posts. Without a source, or without an item, it has nothing to say. */
export function sentimentDomain(observations: Observations, sources: readonly string[]): Domain {
  return {
    brief(situation) {
      const { instrument, at, bar } = situation;
      const sheet = new EvidenceSheet(at);
      sheet.add('close', bar.close, instrument.currency);
      const items = sources.includes('news') ? observations.news(instrument.symbol, at, window) : null;
      if (items === null || items.length === 0) {
        const reason =
          items === null
            ? 'not-configured'
            : observations.hadNews(instrument.symbol, at)
              ? 'stale'
              : 'absent';
        sheet.lack('news', reason);
        return { briefing: { sheet, texts: { news: '' }, critical: [] }, ready: false };
      }
      sheet.add('news-count', items.length, 'items');
      // The lexicon scores have three decimals; their mean is rounded likewise so that it reads as one.
      sheet.add(
        'news-score',
        Math.round((1000 * items.reduce((sum, { score }) => sum + score, 0)) / items.length) / 1000,
        'score',
      );
      const lines: string[] = [];
      items.slice(0, shownItems).forEach(({ item, score }, index) => {
        const name = `news-${index + 1}`;
        sheet.add(name, score, 'score', { eventAt: item.eventAt, knownAt: item.knownAt });
        lines.push(`${name} (${item.kind}, ${fenceText(item.source)}): ${fenceText(item.text)}`);
      });
      addPosition(sheet, situation);
      return { briefing: { sheet, texts: { news: lines.join('\n') }, critical: [] }, ready: true };
    },
    rules: (sheet) => decideSentiment(sheet),
    proposes: false,
  };
}
