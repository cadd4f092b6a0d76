/**
 * Measures the synthetic market over 50 seeds and prints the tables of `docs/synthetic-market.md`:
 * `npx tsx scripts/synthetic-statistics.ts`
 */
import type { CandleSeries } from '../src/core/index.ts';
import type { Regime } from '../src/market/synthetic/regime-chain.ts';
import type { SyntheticStory } from '../src/market/synthetic/synthetic-news.ts';
import { createSyntheticMarket, type SyntheticMarket } from '../src/market/synthetic-market.ts';
import { scoreHeadline } from '../src/text/index.ts';
import { buyAndHold, fadeMoves, followTrend, ruleReturn } from './simple-rules.ts';

const bars = 2_000;
const symbols = ['SYN-A', 'SYN-B', 'SYN-C'];
const markets: readonly SyntheticMarket[] = Array.from({ length: 50 }, (_, index) =>
  createSyntheticMarket({ seed: index + 1, symbols, timeframe: '1h', bars, start: Date.UTC(2024, 0, 1) }),
);

printRegimes();
printReturns();
printNews();
printRules();

function printRegimes(): void {
  const logReturns = new Map<Regime, number[]>();
  const runs = new Map<Regime, number>();
  for (const { series, regimes } of markets) {
    for (let bar = 1; bar < bars; bar++) {
      const regime = regimes[bar]!;
      if (regime !== regimes[bar - 1]) runs.set(regime, (runs.get(regime) ?? 0) + 1);
      const into = logReturns.get(regime) ?? [];
      logReturns.set(regime, into);
      for (const each of series) into.push(logReturn(each, bar));
    }
  }
  const total = sum([...logReturns.values()].map((values) => values.length));
  table(
    ['regime', 'share of bars', 'mean length, days', 'log return an hour', 'deviation an hour'],
    [...logReturns].map(([regime, values]) => [
      regime,
      percent(values.length / total, 1),
      (values.length / symbols.length / runs.get(regime)! / 24).toFixed(1),
      percent(mean(values), 4),
      percent(deviation(values), 2),
    ]),
  );
}

function printReturns(): void {
  const columns: Record<string, number[]> = {};
  const add = (name: string, value: number) => {
    columns[name] = [...(columns[name] ?? []), value];
  };
  for (const { series } of markets) {
    const returns = series.map((each) =>
      Array.from({ length: bars - 1 }, (_, bar) => logReturn(each, bar + 1)),
    );
    returns.forEach((values, index) => {
      const sizes = values.map(Math.abs);
      add('deviation an hour, %', 100 * deviation(values));
      add('excess kurtosis', excessKurtosis(values));
      add('autocorrelation of returns, one bar', correlation(values.slice(1), values.slice(0, -1)));
      add('autocorrelation of absolute returns, one bar', correlation(sizes.slice(1), sizes.slice(0, -1)));
      add('volume with absolute return', correlation([...series[index]!.volume.slice(1)], sizes));
      for (const other of returns.slice(index + 1))
        add('correlation of two instruments', correlation(values, other));
    });
  }
  table(
    ['of one instrument in one seed', 'lowest', 'median', 'highest'],
    Object.entries(columns).map(([name, values]) => [
      name,
      ...[0, 0.5, 1].map((share) => quantile(values, share).toFixed(2)),
    ]),
  );
}

function printNews(): void {
  const told = markets.flatMap((market) =>
    market.stories.map((story) => ({
      story,
      ahead: returnAhead(market, story),
      score: scoreHeadline(story.item.text).score,
    })),
  );
  const days = (markets.length * symbols.length * bars) / 24;
  const toned = told.filter(({ story }) => story.tone !== 0);
  const scored = told.filter(({ score, ahead }) => score !== 0 && ahead !== null);
  const edge = mean(scored.map(({ score, ahead }) => Math.sign(score) * ahead!));
  table(
    ['news', 'measured'],
    [
      ['items a symbol and day', (told.length / days).toFixed(2)],
      ['items with a tone', percent(toned.length / told.length, 1)],
      ['posts that give orders', String(told.filter(({ story }) => story.hostile).length)],
      ...(['news', 'post'] as const).flatMap((kind) =>
        (['past', 'future'] as const).map((about) => {
          const of = toned.filter(({ story }) => story.item.kind === kind && story.about === about);
          return [
            `${kind} about the ${about}: right`,
            percent(of.filter(({ story }) => story.right).length / of.length, 1),
          ];
        }),
      ),
      [
        'all with a tone: misleading',
        percent(toned.filter(({ story }) => !story.right).length / toned.length, 1),
      ],
      [
        'lexicon score has the sign of the tone',
        percent(toned.filter(({ story, score }) => Math.sign(score) === story.tone).length / toned.length, 1),
      ],
      [
        'lexicon score has the sign of the next 24 hours',
        percent(
          scored.filter(({ score, ahead }) => Math.sign(score) === Math.sign(ahead!)).length / scored.length,
          1,
        ),
      ],
      ['mean 24-hour return in the direction of the score, basis points', (10_000 * edge).toFixed(1)],
    ],
  );
}

function printRules(): void {
  const series = markets.map((market) => market.series[0]!.close);
  const held = series.map((close) => ruleReturn(close, buyAndHold));
  table(
    ['rule on SYN-A', '5 %', 'median', '95 %', 'above buy-and-hold'],
    Object.entries({
      'buy and hold': buyAndHold,
      'follow the trend': followTrend,
      'fade moves': fadeMoves,
    }).map(([name, rule]) => {
      const returns = series.map((close) => ruleReturn(close, rule));
      const above = returns.filter((value, index) => value > held[index]!).length;
      return [
        name,
        ...[0.05, 0.5, 0.95].map((share) => percent(quantile(returns, share), 1)),
        rule === buyAndHold ? '–' : `${above} of ${markets.length}`,
      ];
    }),
  );
}

/** Return over 24 bars from the first close at which the story is known; null when the market ends before. */
function returnAhead({ series }: SyntheticMarket, { item }: SyntheticStory): number | null {
  const { openTime, intervalMs, close } = series.find(({ symbol }) => symbol === item.symbols[0])!;
  const bar = Math.ceil((item.knownAt - openTime[0]!) / intervalMs) - 1;
  return bar + 24 < bars ? close[bar + 24]! / close[bar]! - 1 : null;
}

function logReturn({ close }: CandleSeries, bar: number): number {
  return Math.log(close[bar]! / close[bar - 1]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(centralMoment(values, 2));
}

function excessKurtosis(values: readonly number[]): number {
  return centralMoment(values, 4) / centralMoment(values, 2) ** 2 - 3;
}

function centralMoment(values: readonly number[], power: number): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** power));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  return mean(a.map((value, index) => (value - meanA) * (b[index]! - meanB))) / (deviation(a) * deviation(b));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))]!;
}

function percent(fraction: number, decimals: number): string {
  return `${(100 * fraction).toFixed(decimals)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(
    [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map(row).join('\n'),
    '\n',
  );
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
