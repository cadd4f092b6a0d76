import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import type { NewsItem } from '../core/index.ts';
import { parseMoon } from './moons/index.ts';
import { createObservations } from './observations.ts';

const item = (knownAt: number, fields: Partial<NewsItem> = {}): NewsItem => ({
  id: `n${knownAt}`,
  kind: 'news',
  source: 'wire',
  text: `known at ${knownAt}`,
  symbols: ['A'],
  eventAt: knownAt - 1,
  knownAt,
  ...fields,
});
const { series } = marketOf('A', flatBars([1, 2, 3, 4]));
const clockAt = (at: number) => ({ now: () => at });
const endOfTime = clockAt(Date.UTC(2100, 0, 1));
const observing = (news: readonly NewsItem[] | null, score = (_text: string) => 0, clock = endOfTime) =>
  createObservations({ series: [series], news, clock, score });

const futureRead = expect.objectContaining({ code: 'future-read' });

test('whoever reads past the clock is refused; what closes now is known', () => {
  const hour = 3_600_000;
  const moons = [parseMoon('sma-2')];
  const observations = observing([item(2 * hour)], undefined, clockAt(2 * hour));
  expect(observations.readings('A', 1, moons)).toMatchObject([{ value: 1.5 }]);
  expect(() => observations.readings('A', 2, moons)).toThrow(futureRead);
  expect(observations.news('A', 2 * hour, hour)).toHaveLength(1);
  expect(() => observations.news('A', 2 * hour + 1, hour)).toThrow(futureRead);
});

describe('news', () => {
  test('is known from its instant on and for as long as asked, newest first', () => {
    const observations = observing([item(100), item(150), item(200), item(201)]);
    const texts = (at: number, age: number) =>
      observations.news('A', at, age)?.map((one) => one.item.knownAt);
    expect(texts(200, 1_000)).toEqual([200, 150, 100]);
    // Exactly as old as asked is too old.
    expect(texts(200, 100)).toEqual([200, 150]);
    expect(texts(200, 101)).toEqual([200, 150, 100]);
    expect(texts(99, 1_000)).toEqual([]);
  });

  test('is told of the instruments it names, and of no other', () => {
    const observations = observing([item(1, { symbols: ['B'] }), item(2, { symbols: ['A', 'B'] })]);
    expect(observations.news('A', 10, 100)).toHaveLength(1);
    expect(observations.news('B', 10, 100)).toHaveLength(2);
    expect(observations.news('C', 10, 100)).toEqual([]);
  });

  test('tells a run without a source from a silent one, and a silent one from one that fell silent', () => {
    expect(observing(null).news('A', 10, 100)).toBeNull();
    const observations = observing([item(50)]);
    expect([observations.news('A', 49, 10), observations.hadNews('A', 49)]).toEqual([[], false]);
    expect([observations.news('A', 500, 10), observations.hadNews('A', 500)]).toEqual([[], true]);
  });

  test('is rated once for all who read it, and not before', () => {
    const rated: string[] = [];
    const observations = observing([item(1), item(2, { text: 'later' })], (text) => {
      rated.push(text);
      return -0.5;
    });
    expect(rated).toEqual([]);
    observations.news('A', 1, 10);
    observations.news('A', 1, 10);
    expect(observations.news('A', 1, 10)).toMatchObject([{ score: -0.5 }]);
    expect(rated).toEqual(['known at 1']);
  });

  test('never says what becomes known later, nor leaves out what is known', () => {
    const times = fc.array(fc.nat(1_000), { maxLength: 30 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.nat(1_000), fc.integer({ min: 1, max: 1_000 }), (known, at, age) => {
        const observations = observing(known.map((time, index) => item(time, { id: `n${index}` })));
        const shown = observations.news('A', at, age)?.map((one) => one.item.knownAt);
        const expected = known.filter((time) => time <= at && time > at - age).reverse();
        expect(shown).toEqual(expected);
        expect(observations.hadNews('A', at)).toBe(known.some((time) => time <= at));
      }),
    );
  });
});

describe('readings', () => {
  const moons = [parseMoon('sma-2')];

  test('are those of the bar asked for', () => {
    const observations = observing(null);
    expect(observations.readings('A', 0, moons)).toMatchObject([{ name: 'sma-2', value: null }]);
    expect(observations.readings('A', 3, moons)).toMatchObject([{ name: 'sma-2', value: 3.5 }]);
  });

  test('beyond the end, or of a stranger, are refused', () => {
    const observations = observing(null);
    expect(() => observations.readings('A', 4, moons)).toThrow(futureRead);
    expect(() => observations.readings('B', 0, moons)).toThrow(futureRead);
  });

  test('do not change with what comes after the bar', () => {
    const prices = fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 60, maxLength: 60 });
    const several = ['ema-5', 'rsi-14', 'macd', 'bollinger-20', 'adx-14', 'atr-14', 'swing-levels', 'regime'];
    const all = several.map(parseMoon);
    fc.assert(
      fc.property(prices, prices, fc.nat(59), (one, other, cut) => {
        const changed = [...one.slice(0, cut + 1), ...other.slice(cut + 1)];
        const [first, second] = [one, changed].map((closes) =>
          createObservations({
            series: [marketOf('A', flatBars(closes)).series],
            ...{ news: null, clock: endOfTime, score: () => 0 },
          }),
        );
        expect(second?.readings('A', cut, all)).toEqual(first?.readings('A', cut, all));
      }),
      { numRuns: 50 },
    );
  });
});
