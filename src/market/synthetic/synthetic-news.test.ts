import { describe, expect, test } from 'vitest';
import { createSyntheticMarket } from '../synthetic-market.ts';
import { newsTraits } from './synthetic-news.ts';

const symbols = ['SYN-A', 'SYN-B', 'SYN-C'];
const days = 80;
const markets = Array.from({ length: 25 }, (_, index) =>
  createSyntheticMarket({
    seed: index + 1,
    symbols,
    timeframe: '1h',
    bars: 24 * days,
    start: Date.UTC(2024, 0, 1),
  }),
);
const stories = markets.flatMap((market) => market.stories);
const items = markets.flatMap((market) => market.news);

describe('an item', () => {
  test('is known after it happened, within the market, in the order of being known', () => {
    for (const { news, series } of markets) {
      const end = series[0]!.openTime.at(-1)! + 3_600_000;
      news.forEach((item, index) => {
        expect(item.knownAt).toBeGreaterThan(item.eventAt);
        expect(item.knownAt).toBeLessThanOrEqual(end);
        if (index > 0) expect(item.knownAt).toBeGreaterThanOrEqual(news[index - 1]!.knownAt);
      });
      expect(new Set(news.map(({ id }) => id)).size).toBe(news.length);
    }
  });

  test('takes minutes to hours to be known', () => {
    const delays = items.map(({ eventAt, knownAt }) => (knownAt - eventAt) / 60_000).sort((a, b) => a - b);
    expect(delays[0]).toBeGreaterThanOrEqual(1);
    expect(delays.at(-1)).toBeLessThan(11 * 60);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(60);
  });

  test('says that it is synthetic, names its instruments, and leaves no place unfilled', () => {
    for (const item of items) {
      expect(item.source).toMatch(/^Synthetic /);
      expect(item.symbols.every((symbol) => item.text.includes(symbol))).toBe(true);
      expect(item.text).not.toMatch(/\{(symbol|other|move|firm|figure)\}/);
    }
  });
});

describe('the stream', () => {
  test('has two to six items for each symbol and day, news and posts', () => {
    for (const { news } of markets) {
      for (const symbol of symbols) {
        const perDay = news.filter((item) => item.symbols.includes(symbol)).length / days;
        expect(perDay).toBeGreaterThan(2);
        expect(perDay).toBeLessThan(6);
      }
    }
    const posts = items.filter(({ kind }) => kind === 'post').length;
    expect(posts / items.length).toBeGreaterThan(0.35);
    expect(posts / items.length).toBeLessThan(0.5);
  });

  test('holds neutral items, pairs, contradictions and posts that give orders', () => {
    expect(stories.some(({ tone, hostile }) => tone === 0 && !hostile)).toBe(true);
    expect(items.some((item) => item.symbols.length === 2)).toBe(true);
    expect(items.some(({ text }) => text.startsWith('Correction'))).toBe(true);
    const hostile = stories.filter((story) => story.hostile);
    expect(hostile.length).toBeGreaterThan(0);
    expect(hostile.every(({ item }) => item.kind === 'post')).toBe(true);
  });

  test.each([
    ['news', 'past'],
    ['news', 'future'],
    ['post', 'past'],
    ['post', 'future'],
  ] as const)('%s about the %s misleads as often as documented', (kind, about) => {
    const told = stories.filter((story) => story.item.kind === kind && story.about === about);
    const measured = told.filter(({ right }) => right).length / told.length;
    // One in 1 + c items is a contradiction, right where the first was wrong.
    const { contradictionShare } = newsTraits;
    const first = newsTraits.right[kind][about];
    const expected = (first + contradictionShare * (1 - first)) / (1 + contradictionShare);
    expect(Math.abs(measured - expected)).toBeLessThan(0.04);
  });

  test('a report that is right has the sign of the 12 hours before it', () => {
    for (const { stories: told, series } of markets.slice(0, 5)) {
      for (const { item, tone, about, right } of told) {
        if (about !== 'past') continue;
        const { open, openTime } = series[symbols.indexOf(item.symbols[0]!)]!;
        const bar = Math.floor((item.eventAt - openTime[0]!) / 3_600_000);
        const move = open[bar]! - open[Math.max(0, bar - 12)]!;
        expect(Math.sign(move) === tone).toBe(right);
      }
    }
  });

  test('a claim that is right has the sign of the 24 hours after its bar', () => {
    for (const { stories: told, series } of markets.slice(0, 5)) {
      for (const { item, tone, about, right } of told) {
        if (about !== 'future') continue;
        const { close, openTime } = series[symbols.indexOf(item.symbols[0]!)]!;
        const bar = Math.floor((item.eventAt - openTime[0]!) / 3_600_000);
        if (bar + 24 >= close.length) continue;
        expect(Math.sign(close[bar + 24]! - close[bar]!) === tone).toBe(right);
      }
    }
  });
});
