import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buyAndHold,
  fadeMoves,
  followTrend,
  type RulePositions,
  ruleReturn,
} from '../../scripts/simple-rules.ts';
import type { CandleSeries } from '../core/index.ts';
import { createSyntheticMarket, type SyntheticMarket } from './synthetic-market.ts';

const start = Date.UTC(2024, 0, 1);
const symbols = ['SYN-A', 'SYN-B', 'SYN-C'];
const columnNames = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const;

function marketOf(
  seed: number,
  bars: number,
  names: readonly string[] = symbols,
  timeframe = '1h',
): SyntheticMarket {
  return createSyntheticMarket({ seed, symbols: names, timeframe, bars, start });
}

describe('the same seed gives the same market', () => {
  // Not derived: pinned, so that Node 20, Node 24 and every later change are held to one market.
  test('the first 200 bars of seed 42 are these', () => {
    const { series, news, books } = marketOf(42, 200);
    const hash = createHash('sha256');
    for (const each of series) for (const name of columnNames) hash.update(each[name].join());
    for (const book of books) hash.update([book.bid, book.ask, book.bidSize, book.askSize].join());
    hash.update(JSON.stringify(news));
    expect(hash.digest('hex')).toBe('04627b1c8feeeb55ff43bf8f4e776d0e94e297690f42557c49eac7b4c5d06b09');
  });

  test('another seed gives another', () => {
    expect(marketOf(1, 50).series[0]!.close).not.toEqual(marketOf(2, 50).series[0]!.close);
  });
});

describe('what is there stays', () => {
  test('more bars continue the market', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 150 }),
        (seed, bars, more) => {
          const short = marketOf(seed, bars);
          const long = marketOf(seed, bars + more);
          const end = start + bars * 3_600_000;
          short.series.forEach((each, index) => {
            for (const name of columnNames)
              expect(long.series[index]![name].slice(0, bars)).toEqual(each[name]);
          });
          short.books.forEach((book, index) => {
            for (const name of ['bid', 'ask', 'bidSize', 'askSize'] as const) {
              expect(long.books[index]![name].slice(0, bars)).toEqual(book[name]);
            }
          });
          expect(long.news.filter(({ knownAt }) => knownAt <= end)).toEqual(short.news);
          expect(long.regimes.slice(0, bars)).toEqual(short.regimes);
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  test('another symbol joins without changing the others', () => {
    const two = marketOf(7, 500, ['SYN-A', 'SYN-B']);
    const three = marketOf(7, 500, ['SYN-A', 'SYN-B', 'SYN-C']);
    expect(three.series.slice(0, 2)).toEqual(two.series);
    expect(three.books.slice(0, 2)).toEqual(two.books);
    expect(three.news.filter((item) => !item.symbols.includes('SYN-C'))).toEqual(two.news);
    expect(three.news.length).toBeGreaterThan(two.news.length);
  });

  test('candles of a symbol do not depend on its place in the list', () => {
    const reversed = marketOf(7, 100, [...symbols].reverse());
    expect([...reversed.series].reverse()).toEqual(marketOf(7, 100).series);
  });
});

describe('candles and books are sane whatever the seed', () => {
  test('prices are positive ticks, high and low enclose open and close, bars follow each other', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('1m', '5m', '1h', '4h', '1d'), (seed, timeframe) => {
        const { series, books } = marketOf(seed, 120, symbols, timeframe);
        series.forEach((each, index) => {
          for (let bar = 0; bar < each.length; bar++) expectSane(each, bar);
          const { bid, ask, bidSize, askSize } = books[index]!;
          for (let bar = 0; bar < each.length; bar++) {
            expect(bid[bar]).toBeLessThan(ask[bar]!);
            expect(bid[bar]).toBeLessThanOrEqual(each.close[bar]!);
            expect(ask[bar]).toBeGreaterThanOrEqual(each.close[bar]!);
            expect(Math.min(bidSize[bar]!, askSize[bar]!)).toBeGreaterThan(0);
          }
        });
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  function expectSane(
    { openTime, intervalMs, open, high, low, close, volume }: CandleSeries,
    bar: number,
  ): void {
    expect(openTime[bar]).toBe(start + bar * intervalMs);
    if (bar > 0) expect(open[bar]).toBe(close[bar - 1]);
    expect(low[bar]).toBeGreaterThanOrEqual(0.01);
    expect(low[bar]).toBeLessThanOrEqual(Math.min(open[bar]!, close[bar]!));
    expect(high[bar]).toBeGreaterThanOrEqual(Math.max(open[bar]!, close[bar]!));
    expect(volume[bar]).toBeGreaterThan(0);
    for (const column of [open, high, low, close])
      expect(Math.round(column[bar]! * 100) / 100).toBe(column[bar]);
  }
});

describe('it behaves like a market', () => {
  const markets = Array.from({ length: 50 }, (_, index) => marketOf(index + 1, 2_000));

  test('instruments are correlated, none is a copy', () => {
    for (const { series } of markets) {
      const [a, b, c] = series.map(logReturns);
      for (const [one, other] of [
        [a!, b!],
        [a!, c!],
        [b!, c!],
      ] as const) {
        expect(correlation(one, other)).toBeGreaterThan(0.2);
        expect(correlation(one, other)).toBeLessThan(0.9);
      }
    }
  });

  test('an hour moves by 0.4 to 1 %, with fat tails and clusters', () => {
    const all = markets.flatMap(({ series }) => series.map(logReturns));
    for (const returns of all) {
      expect(Math.sqrt(meanPower(returns, 2))).toBeGreaterThan(0.004);
      expect(Math.sqrt(meanPower(returns, 2))).toBeLessThan(0.01);
    }
    const kurtosis = all.map((returns) => meanPower(returns, 4) / meanPower(returns, 2) ** 2);
    expect(median(kurtosis)).toBeGreaterThan(5);
    const clustering = all.map((returns) => {
      const sizes = returns.map(Math.abs);
      return correlation(sizes.slice(1), sizes.slice(0, -1));
    });
    expect(median(clustering)).toBeGreaterThan(0.1);
    expect(
      Math.abs(median(all.map((returns) => correlation(returns.slice(1), returns.slice(0, -1))))),
    ).toBeLessThan(0.03);
  });

  test('volume grows with the size of the move and follows the day', () => {
    const { series } = markets[0]!;
    const { volume, openTime } = series[0]!;
    expect(correlation(Array.from(volume.slice(1)), logReturns(series[0]!).map(Math.abs))).toBeGreaterThan(
      0.5,
    );
    const at = (hour: number) =>
      Array.from(volume).filter((_, bar) => new Date(openTime[bar]!).getUTCHours() === hour);
    expect(median(at(14))).toBeGreaterThan(1.5 * median(at(2)));
  });

  test('at least four regimes show up in 5,000 bars', () => {
    for (let seed = 1; seed <= 8; seed++) {
      expect(new Set(marketOf(seed, 5_000, []).regimes).size).toBeGreaterThanOrEqual(4);
    }
  });

  // A share of 50 seeds has a standard deviation of 7 points.
  test.each<[string, RulePositions]>([
    ['following the trend', followTrend],
    ['fading moves', fadeMoves],
  ])('%s beats buy-and-hold in at most two thirds of the seeds, after costs', (_, rule) => {
    for (let index = 0; index < symbols.length; index++) {
      const closes = markets.map(({ series }) => series[index]!.close);
      const wins = closes.filter((close) => ruleReturn(close, rule) > ruleReturn(close, buyAndHold));
      expect(wins.length / closes.length).toBeLessThan(2 / 3);
      expect(wins.length / closes.length).toBeGreaterThan(1 / 5);
    }
  });

  test('buying and holding is no sure thing either', () => {
    const returns = markets.map(({ series }) => ruleReturn(series[0]!.close, buyAndHold));
    const gains = returns.filter((value) => value > 0);
    expect(gains.length / returns.length).toBeGreaterThan(1 / 3);
    expect(gains.length / returns.length).toBeLessThan(2 / 3);
    expect(Math.abs(median(returns))).toBeLessThan(0.1);
  });

  test('trading in the tone of every item does not pay for its costs', () => {
    const returns = markets.flatMap((market) =>
      market.stories
        .filter(({ tone }) => tone !== 0)
        .flatMap(({ tone, item }) => {
          const close = market.series[symbols.indexOf(item.symbols[0]!)]!.close;
          const bar = Math.ceil((item.knownAt - start) / 3_600_000) - 1;
          return bar + 24 < close.length ? [tone * (close[bar + 24]! / close[bar]! - 1)] : [];
        }),
    );
    // 10 basis points a side, in and out.
    expect(meanPower(returns, 1)).toBeLessThan(0.002);
  });
});

function logReturns({ close }: CandleSeries): number[] {
  return Array.from(close.slice(1), (price, bar) => Math.log(price / close[bar]!));
}

function meanPower(values: readonly number[], power: number): number {
  return values.reduce((total, value) => total + value ** power, 0) / values.length;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanPower(a, 1), meanPower(b, 1)];
  const from = (values: readonly number[], centre: number) => values.map((value) => value - centre);
  const [awayA, awayB] = [from(a, meanA), from(b, meanB)];
  const product = meanPower(
    awayA.map((value, index) => value * awayB[index]!),
    1,
  );
  return product / Math.sqrt(meanPower(awayA, 2) * meanPower(awayB, 2));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
