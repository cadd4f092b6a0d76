import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { marketOf } from '../../test/candles.ts';
import { accountFor, conclude, decisionsOf, stepsOf } from '../../test/trading-loop.ts';
import {
  barCount,
  type Checkpoint,
  type Conclusion,
  type Decider,
  type Market,
  runLoop,
  type Situation,
  type Step,
} from './index.ts';

const hour = 3_600_000;

/** Up to three instruments with holes and starts of their own, and prices that wander. */
const shape = fc.array(
  fc.option(fc.tuple(fc.integer({ min: 90, max: 110 }), fc.integer({ min: 90, max: 110 })), { freq: 5 }),
  {
    minLength: 1,
    maxLength: 25,
    size: 'max',
  },
);
const anyMarkets = fc
  .array(shape, { minLength: 1, maxLength: 3 })
  .map((shapes) => shapes.map((bars, slot) => marketOf('ABC'.charAt(slot), bars)))
  .filter((markets) => barCount(markets) > 0);

/** Trades a lot, both ways, from what it is shown and from what it remembers by instrument. */
class Restless implements Decider {
  readonly #lastCloses: Record<string, number>;

  constructor(state: unknown = {}) {
    this.#lastCloses = { ...(state as Record<string, number>) };
  }

  decide(situation: Situation): Conclusion {
    const { bar, instrument, position } = situation;
    const before = this.#lastCloses[instrument.symbol] ?? bar.open;
    this.#lastCloses[instrument.symbol] = bar.close;
    const held = position?.quantity ?? 0;
    return conclude(situation, () => {
      if (bar.close === before) {
        return held === 0 ? null : { side: held > 0 ? 'SELL' : 'BUY', quantity: Math.abs(held), stop: null };
      }
      const up = bar.close > before;
      const quantity = Math.abs(bar.close - before) * 3 + Math.abs(held);
      return { side: up ? 'BUY' : 'SELL', quantity, stop: up ? bar.close - 4 : bar.close + 4 };
    });
  }

  state(): unknown {
    return { ...this.#lastCloses };
  }
}

describe('whatever the market', () => {
  test('the order in which instruments are listed does not matter', async () => {
    const shuffled = anyMarkets.chain((markets) =>
      fc.tuple(fc.constant(markets), fc.shuffledSubarray(markets, { minLength: markets.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([markets, mixed]) => {
        expect(await stepsOf(mixed, new Restless())).toEqual(await stepsOf(markets, new Restless()));
      }),
    );
  });

  test('a run that was stopped and resumed, through JSON, is the run that was not', async () => {
    let stopped = 0;
    await fc.assert(
      fc.asyncProperty(anyMarkets, fc.nat(24), async (markets, cut) => {
        const whole = await stepsOf(markets, new Restless());
        const steps: Step[] = [];
        const stop = new AbortController();
        let stored = '';
        const ended = await runLoop({
          ...accountFor(markets),
          decider: new Restless(),
          signal: stop.signal,
          onStep(step, checkpoint) {
            steps.push(step);
            stored = JSON.stringify(checkpoint());
            if (steps.length === cut + 1) stop.abort();
          },
        });
        expect(steps).toHaveLength(Math.min(cut + 1, whole.length));
        expect(ended).toBe(cut + 1 < whole.length ? 'stopped' : 'done');
        if (ended === 'stopped') stopped++;
        const from = JSON.parse(stored) as Checkpoint;
        const resumed = runLoop({
          ...accountFor(markets, from),
          decider: new Restless(from.decider),
          onStep(step) {
            steps.push(step);
          },
        });
        expect(await resumed).toBe('done');
        expect(steps).toEqual(whole);
      }),
      { numRuns: 200 },
    );
    expect(stopped).toBeGreaterThan(50);
  });

  test('the future, cut off or absurd, changes nothing before it', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarkets, fc.nat(24), async (markets, cut) => {
        const until = cut * hour;
        const whole = (await stepsOf(markets, new Restless())).filter(({ at }) => at <= until);
        const past = (future: (market: Market, to: number) => Market) =>
          markets.map((market) => {
            const { openTime, intervalMs } = market.series;
            return future(market, openTime.filter((open) => open + intervalMs <= until).length);
          });
        const ended = past((market, to) => ({ ...market, to }));
        expect(await stepsOf(ended, new Restless())).toEqual(whole);
        const absurd = past((market, to) => {
          const wild = (column: Float64Array) =>
            column.map((price, index) => (index < to ? price : price * 1e6));
          const { open, high, low, close } = market.series;
          const series = {
            ...market.series,
            open: wild(open),
            high: wild(high),
            low: wild(low),
            close: wild(close),
          };
          return { ...market, series };
        });
        const before = (await stepsOf(absurd, new Restless())).filter(({ at }) => at <= until);
        expect(before).toEqual(whole);
      }),
    );
  });

  test('every bar has one decision, and what is filled was approved the bar before or is a stop', async () => {
    const filled = { market: 0, stop: 0 };
    await fc.assert(
      fc.asyncProperty(anyMarkets, async (markets) => {
        const steps = await stepsOf(markets, new Restless());
        expect(decisionsOf(steps).map(({ number }) => number)).toEqual(
          Array.from({ length: barCount(markets) }, (_, slot) => slot + 1),
        );
        const orders = steps.flatMap((step) => step.orders);
        for (const fill of steps.flatMap(({ fills }) => fills)) {
          const order = orders.find(({ id }) => id === fill.order)!;
          filled[order.type]++;
          expect(order).toMatchObject({ instrument: fill.instrument, side: fill.side });
          expect(fill.quantity).toBe(order.quantity);
          const { series } = markets.find(({ instrument }) => instrument.symbol === fill.instrument)!;
          const index = series.openTime.findIndex((open) => open >= order.at);
          expect(fill.at).toBe(series.openTime[index]);
          const [open, stop] = [series.open[index]!, order.stop ?? Number.NaN];
          const gapped = fill.side === 'BUY' ? Math.max(open, stop) : Math.min(open, stop);
          const own = order.type === 'stop';
          expect(order.status).toBe(own ? 'filled' : 'approved');
          const half = fill.side === 'BUY' ? 1 / 10_000 : -1 / 10_000;
          expect(fill.price).toBeCloseTo((own ? gapped : open) * (1 + half), 8);
          if (own) expect(gapped).toBeGreaterThanOrEqual(Math.min(open, series.low[index]!));
          if (own) expect(gapped).toBeLessThanOrEqual(Math.max(open, series.high[index]!));
        }
      }),
    );
    expect(filled.market).toBeGreaterThan(100);
    expect(filled.stop).toBeGreaterThan(20);
  });

  test('the desk and its broker keep the same account', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarkets, async (markets) => {
        await runLoop({
          ...accountFor(markets),
          decider: new Restless(),
          onStep({ equity }, checkpoint) {
            const { broker, portfolio } = checkpoint();
            const held = broker.holdings.map(({ instrument, lots, mark }) => {
              const quantity = lots.reduce((sum, { size }) => sum + size, 0);
              return { instrument, quantity, value: quantity * mark, stops: lots.map(({ stop }) => stop) };
            });
            expect(broker.cash).toBeCloseTo(equity.cash, 6);
            expect(held.reduce((sum, { value }) => sum + value, broker.cash)).toBeCloseTo(equity.equity, 6);
            const open = held.filter(({ stops }) => stops.length > 0);
            expect(open).toHaveLength(portfolio.positions.length);
            for (const { instrument, quantity, stops } of open) {
              const position = portfolio.positions.find((one) => one.instrument === instrument)!;
              expect(quantity).toBeCloseTo(position.quantity, 9);
              expect(new Set(stops)).toEqual(new Set([position.stop]));
            }
          },
        });
      }),
    );
  });
});
