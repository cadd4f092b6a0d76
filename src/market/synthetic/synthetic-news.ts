import {
  type CandleSeries,
  createRandom,
  type EpochMs,
  type NewsItem,
  type Random,
} from '../../core/index.ts';
import type { BarGrid } from './bar-grid.ts';
import {
  contradictions,
  firms,
  type HeadlineTemplate,
  hostilePosts,
  neutralNews,
  neutralPosts,
  newsClaims,
  newsReports,
  pairNews,
  postClaims,
  postReports,
  type Tone,
} from './headline-templates.ts';
import { streamSeed } from './stream-seed.ts';

/** A news item with what its writer knew; agents see the item alone. */
export interface SyntheticStory {
  readonly item: NewsItem;
  readonly tone: Tone;
  /** A post that gives orders to whoever reads it. */
  readonly hostile: boolean;
  /** A report is about the 12 hours before, a claim about the 24 hours after; the others point nowhere. */
  readonly about: 'past' | 'future' | 'nothing';
  /** Whether its tone has the sign of the move it is about; null where it points nowhere. */
  readonly right: boolean | null;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;
const reportHours = 12;
export const claimHours = 24;

/** How the items come about. The rates of being right are before contradictions, which are wrong where the first was right. */
export const newsTraits = {
  itemsPerDay: 3.5,
  pairItemsPerDay: 0.3,
  postShare: 0.45,
  neutralShare: 0.2,
  hostilePostShare: 0.03,
  claimShare: 0.4,
  contradictionShare: 0.12,
  right: { news: { past: 0.7, future: 0.53 }, post: { past: 0.55, future: 0.48 } },
} as const;

/**
 * The stories about one instrument in the first `grid.bars` bars, in the order they happened. The candles must reach
 * {@link claimHours} further where claims are to be judged by what came after.
 */
export function createStories(seed: number, series: CandleSeries, grid: BarGrid): readonly SyntheticStory[] {
  const random = createRandom(streamSeed(seed, `${series.symbol}/news`));
  const stories: SyntheticStory[] = [];
  for (const { bar, at } of moments(random, grid, newsTraits.itemsPerDay)) {
    const id = `${series.symbol}.${stories.length + 1}`;
    const story = writeStory(random, series, bar, { id, eventAt: at });
    stories.push(story);
    if (story.tone !== 0 && random() < newsTraits.contradictionShare) {
      stories.push(contradict(random, story, `${series.symbol}.${stories.length + 1}`));
    }
  }
  return stories;
}

/** Stories about two instruments at once; they point nowhere. */
export function createPairStories(
  seed: number,
  symbol: string,
  other: string,
  grid: BarGrid,
): readonly SyntheticStory[] {
  const random = createRandom(streamSeed(seed, `${symbol}+${other}/news`));
  const stories: SyntheticStory[] = [];
  for (const { at } of moments(random, grid, newsTraits.pairItemsPerDay)) {
    const text = fill(random, pick(random, pairNews), { symbol, other, move: 0 });
    const item: NewsItem = {
      id: `${symbol}+${other}.${stories.length + 1}`,
      kind: 'news',
      symbols: [symbol, other],
      text,
      source: 'Synthetic Wire',
      eventAt: at,
      knownAt: at + delay(random, 'news'),
    };
    stories.push(aimless(item));
  }
  return stories;
}

/** Instants at which something happens, `perDay` on average: a draw for every hour, or for every bar where bars are shorter. */
function* moments(random: Random, grid: BarGrid, perDay: number): Generator<{ bar: number; at: EpochMs }> {
  const slots = Math.max(1, Math.ceil(grid.intervalMs / hourMs));
  const slotMs = grid.intervalMs / slots;
  const probability = (perDay * slotMs) / (24 * hourMs);
  for (let bar = 0; bar < grid.bars; bar++) {
    for (let slot = 0; slot < slots; slot++) {
      if (random() >= probability) continue;
      const offset = Math.floor((slot + random()) * slotMs);
      yield { bar, at: grid.start + bar * grid.intervalMs + offset };
    }
  }
}

interface StoryHead {
  readonly id: string;
  readonly eventAt: EpochMs;
}

function writeStory(random: Random, series: CandleSeries, bar: number, head: StoryHead): SyntheticStory {
  const kind = random() < newsTraits.postShare ? 'post' : 'news';
  if (kind === 'post' && random() < newsTraits.hostilePostShare) {
    return aimless(writeItem(random, series.symbol, head, kind, hostilePosts), true);
  }
  const about = random() < newsTraits.claimShare ? 'future' : 'past';
  const move = about === 'past' ? moveBefore(series, bar) : moveAfter(series, bar);
  if (move === 0 || random() < newsTraits.neutralShare) {
    const templates = kind === 'news' ? neutralNews : neutralPosts;
    return aimless(writeItem(random, series.symbol, head, kind, templates));
  }
  const right = random() < newsTraits.right[kind][about];
  const rose = move > 0;
  const tone: Tone = right === rose ? 1 : -1;
  const { good, bad } = tonedTemplates[kind][about];
  // A claim's text must not hold the size of what is still to come.
  const told = about === 'past' ? move : 0;
  return {
    item: writeItem(random, series.symbol, head, kind, tone > 0 ? good : bad, told),
    hostile: false,
    tone,
    about,
    right,
  };
}

const tonedTemplates = {
  news: { past: newsReports, future: newsClaims },
  post: { past: postReports, future: postClaims },
} as const;

/** A story that points nowhere. */
function aimless(item: NewsItem, hostile = false): SyntheticStory {
  return { item, tone: 0, hostile, about: 'nothing', right: null };
}

function writeItem(
  random: Random,
  symbol: string,
  head: StoryHead,
  kind: NewsItem['kind'],
  templates: readonly HeadlineTemplate[],
  move = 0,
): NewsItem {
  return {
    ...head,
    kind,
    symbols: [symbol],
    text: fill(random, pick(random, templates), { symbol, move }),
    source: source(random, kind),
    knownAt: head.eventAt + delay(random, kind),
  };
}

/** The same event told the other way round, 10 minutes to 6 hours after the first telling. */
function contradict(random: Random, story: SyntheticStory, id: string): SyntheticStory {
  const symbol = story.item.symbols[0]!;
  const tone: Tone = story.tone > 0 ? -1 : 1;
  const template = pick(random, tone > 0 ? contradictions.good : contradictions.bad);
  const item: NewsItem = {
    ...story.item,
    id,
    text: fill(random, template, { symbol, move: 0 }),
    knownAt: story.item.knownAt + 10 * minuteMs + Math.floor(random() * 350) * minuteMs,
  };
  return { ...story, item, tone, right: !story.right };
}

/** Return over the 12 hours up to the open of `bar`; 0 in the first bar. */
function moveBefore(series: CandleSeries, bar: number): number {
  const from = Math.max(0, bar - barsIn(series, reportHours));
  return series.open[bar]! / series.open[from]! - 1;
}

/** Return over the 24 hours from the close of `bar`. */
function moveAfter(series: CandleSeries, bar: number): number {
  const to = Math.min(series.length - 1, bar + barsIn(series, claimHours));
  return series.close[to]! / series.close[bar]! - 1;
}

/** At least one. */
export function barsIn({ intervalMs }: { readonly intervalMs: number }, hours: number): number {
  return Math.max(1, Math.round((hours * hourMs) / intervalMs));
}

/** Until a reader can see it: news 2 to 90 minutes, posts 1 minute to 4 hours, mostly short. */
function delay(random: Random, kind: NewsItem['kind']): number {
  const draw = random();
  const minutes = kind === 'news' ? 2 + 88 * draw * draw : 1 + 239 * draw * draw * draw;
  return Math.round(minutes * 60) * 1_000;
}

function source(random: Random, kind: NewsItem['kind']): string {
  const first = random() < 0.6;
  if (kind === 'news') return first ? 'Synthetic Wire' : 'Synthetic Business Daily';
  return first ? 'Synthetic Post' : 'Synthetic Forum';
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)]!;
}

function fill(
  random: Random,
  template: HeadlineTemplate,
  words: { readonly symbol: string; readonly other?: string; readonly move: number },
): string {
  return template
    .replaceAll('{symbol}', words.symbol)
    .replaceAll('{other}', words.other ?? '')
    .replaceAll('{move}', (Math.abs(words.move) * 100).toFixed(1))
    .replaceAll('{firm}', pick(random, firms))
    .replaceAll('{figure}', String(3 + Math.floor(12 * random())));
}
