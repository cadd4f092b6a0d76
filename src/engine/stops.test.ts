import { describe, expect, test } from 'vitest';
import { type BarShape, marketOf } from '../../test/candles.ts';
import { type Ask, accountFor, deciderOf, stepsOf } from '../../test/trading-loop.ts';
import { type Checkpoint, runLoop, type Situation, type Step } from './index.ts';

const hour = 3_600_000;
/** Half of 2 basis points. */
const spread = 1 / 10_000;

type Wish = NonNullable<ReturnType<Ask>>;
const buy = (quantity: number, stop: number): Wish => ({ side: 'BUY', quantity, stop });
const sell = (quantity: number, stop: number | null): Wish => ({ side: 'SELL', quantity, stop });

/** Asks at the closes of the first bars, and then no more. */
const inTurn =
  (...wishes: readonly (Wish | null)[]): Ask =>
  ({ index }) =>
    wishes[index] ?? null;

async function play(bars: readonly BarShape[], ask: Ask) {
  const seen: Situation[] = [];
  const decider = deciderOf((situation) => {
    seen.push(situation);
    return ask(situation);
  });
  return { steps: await stepsOf([marketOf('A', bars)], decider), seen };
}

/** `SELL 10 at 98 by r.1.order.stop`, before the spread. */
const fillsOf = (steps: readonly Step[]) =>
  steps
    .flatMap(({ fills }) => fills)
    .map(({ side, quantity, price, order }) => {
      const before = price / (side === 'BUY' ? 1 + spread : 1 - spread);
      return `${side} ${quantity} at ${Number(before.toPrecision(10))} by ${order}`;
    });

describe('the stop of a position', () => {
  test('fills at its price in the bar that reaches it, as an order of its own', async () => {
    const { steps, seen } = await play(
      [
        [100, 100],
        [100, 101],
        [101, 97],
      ],
      inTurn(buy(10, 98)),
    );
    expect(fillsOf(steps)).toEqual(['BUY 10 at 100 by r.1.order', 'SELL 10 at 98 by r.1.order.stop']);
    expect(steps[2]?.orders).toEqual([
      {
        ...{ id: 'r.1.order.stop', at: 2 * hour, instrument: 'A', side: 'SELL', type: 'stop', quantity: 10 },
        ...{ limit: null, stop: 98, status: 'filled', reason: 'stop-loss', decision: 'r.1' },
      },
    ]);
    expect(steps[2]?.fills[0]?.at).toBe(2 * hour);
    expect(steps[2]?.trades).toMatchObject([{ openedBy: 'r.1.order', closedBy: 'r.1.order.stop' }]);
    const [, , { stoppedOut } = { stoppedOut: null }] = seen;
    expect(stoppedOut).toBeCloseTo(98 * (1 - spread), 10);
    expect(seen[2]).toMatchObject({ position: null });
    expect(seen[1]?.stoppedOut).toBeNull();
  });

  test.each<[string, readonly BarShape[], readonly string[]]>([
    [
      'that the open has gapped past fills at the open',
      [
        [100, 100],
        [100, 101],
        [95, 96],
      ],
      ['BUY 10 at 100 by r.1.order', 'SELL 10 at 95 by r.1.order.stop'],
    ],
    [
      'counts in the bar of the entry',
      [
        [100, 100],
        [100, 97],
      ],
      ['BUY 10 at 100 by r.1.order', 'SELL 10 at 98 by r.1.order.stop'],
    ],
    [
      'that the open of the entry has passed already gives nothing away',
      [
        [100, 100],
        [95, 99],
      ],
      ['BUY 10 at 95 by r.1.order', 'SELL 10 at 95 by r.1.order.stop'],
    ],
  ])('%s', async (_, bars, fills) => {
    const { steps } = await play(bars, inTurn(buy(10, 98)));
    expect(fillsOf(steps)).toEqual(fills);
  });

  test('goes with a reversal, even at an open that has passed it: one fill, the new size, the new stop', async () => {
    const { steps, seen } = await play(
      [
        [100, 100],
        [100, 100],
        [97, 97],
        [97, 102],
      ],
      inTurn(buy(10, 98), sell(25, 101)),
    );
    expect(fillsOf(steps)).toEqual([
      'BUY 10 at 100 by r.1.order',
      'SELL 25 at 97 by r.2.order',
      'BUY 15 at 101 by r.2.order.stop',
    ]);
    expect(seen[2]?.position).toMatchObject({ quantity: -15, stop: 101, openedBy: 'r.2.order' });
  });

  test('gives way to an exit at the same open: what is closed is not sold twice', async () => {
    const { steps } = await play(
      [
        [100, 100],
        [100, 100],
        [97, 97],
      ],
      inTurn(buy(10, 98), sell(10, null)),
    );
    expect(fillsOf(steps)).toEqual(['BUY 10 at 100 by r.1.order', 'SELL 10 at 97 by r.2.order']);
    expect(steps[2]?.equity.equity).toBe(steps[2]?.equity.cash);
  });

  test('moves with an enlargement, for all that is held', async () => {
    const { steps, seen } = await play(
      [
        [100, 100],
        [100, 100],
        [100, 100],
        [100, 98.5],
      ],
      inTurn(buy(10, 97), buy(5, 99)),
    );
    expect(seen[2]?.position).toMatchObject({ quantity: 15, stop: 99 });
    expect(fillsOf(steps).at(-1)).toBe('SELL 15 at 99 by r.1.order.stop');
    expect(steps[3]?.orders).toMatchObject([{ stop: 99, quantity: 15, decision: 'r.1' }]);
  });

  test('stays for what a partial exit leaves', async () => {
    const { steps } = await play(
      [
        [100, 100],
        [100, 100],
        [100, 100],
        [100, 97],
      ],
      inTurn(buy(10, 98), sell(4, null)),
    );
    expect(fillsOf(steps).slice(1)).toEqual(['SELL 4 at 100 by r.2.order', 'SELL 6 at 98 by r.1.order.stop']);
  });

  test('that waits at a checkpoint fills after it', async () => {
    const markets = [
      marketOf('A', [
        [100, 100],
        [100, 101],
        [101, 97],
      ]),
    ];
    const decider = deciderOf(inTurn(buy(10, 98)));
    let stored = '';
    const stop = new AbortController();
    await runLoop({
      ...accountFor(markets),
      decider,
      signal: stop.signal,
      onStep({ at }, checkpoint) {
        stored = JSON.stringify(checkpoint());
        if (at === 2 * hour) stop.abort();
      },
    });
    const steps: Step[] = [];
    const onStep = (step: Step) => {
      steps.push(step);
    };
    await runLoop({ ...accountFor(markets, JSON.parse(stored) as Checkpoint), decider, onStep });
    expect(steps).toEqual((await stepsOf(markets, decider)).slice(2));
    expect(fillsOf(steps)).toEqual(['SELL 10 at 98 by r.1.order.stop']);
  });

  test('counts among the losses that pause openings', async () => {
    // Each bar falls by 3 % from where the one before closed.
    const bars = Array.from(
      { length: 6 },
      (_, bar): BarShape => [100 * 0.97 ** bar, 100 * 0.97 ** (bar + 1)],
    );
    const { steps } = await play(bars, ({ bar }) => buy(1, bar.close * 0.98));
    expect(steps[5]?.orders).toMatchObject([
      { id: 'r.5.order.stop', type: 'stop' },
      { status: 'refused', reason: 'no openings for 24 more bars: 5 losing trades in a row' },
    ]);
  });
});

test('an account whose equity is gone in one instrument is liquidated in the others', async () => {
  // 50 short at 100 and stopped out at 310: 10,500 of 10,000 are lost.
  const markets = [
    marketOf('A', [
      [100, 100],
      [100, 100],
      [310, 310],
    ]),
    marketOf('B', [
      [100, 100],
      [100, 100],
      [100, 100],
    ]),
  ];
  const ask: Ask = ({ index, instrument }) =>
    index === 0 ? sell(instrument.symbol === 'A' ? 50 : 40, 102) : null;
  const steps = await stepsOf(markets, deciderOf(ask));
  expect(steps[2]?.orders).toMatchObject([
    { id: 'r.1.order.stop', type: 'stop', reason: 'stop-loss', quantity: 50 },
    {
      ...{ id: 'r.2.order.liquidation', instrument: 'B', type: 'market', quantity: 40, stop: null },
      ...{ status: 'filled', reason: 'liquidation', decision: 'r.2' },
    },
  ]);
  expect(steps[2]?.trades).toHaveLength(2);
  expect(steps[2]?.equity.equity).toBe(steps[2]?.equity.cash);
});
