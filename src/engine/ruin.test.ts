import { expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import { type Ask, deciderOf, stepsOf } from '../../test/trading-loop.ts';

/** Half of the account short at 100; the second open is four times as dear, which costs more than there is. */
const gap = [100, 100, 400, 400];
const short = { side: 'SELL', quantity: 50, stop: 104 } as const;

const orderedIn = (steps: Awaited<ReturnType<typeof stepsOf>>) => ({
  fills: steps.flatMap(({ fills }) => fills).map(({ order, quantity }) => `${order} ${quantity}`),
  refusals: steps.flatMap(({ refusals }) => refusals),
});

test('an opening that finds the account ruined is told as refused, with the reason', async () => {
  const ask: Ask = ({ index, instrument }) => {
    if (instrument.symbol === 'A') return index === 0 ? short : null;
    return index === 1 ? { side: 'BUY', quantity: 10, stop: 99 } : null;
  };
  const steps = await stepsOf(
    [marketOf('A', flatBars(gap)), marketOf('B', flatBars([100, 100, 100, 100]))],
    deciderOf(ask),
  );
  const { fills, refusals } = orderedIn(steps);
  expect(fills).toEqual(['r.1.order 50', 'r.1.order.stop 50']);
  const reason = 'the broker refused it: no equity was left to cover it';
  expect(refusals).toEqual([{ order: 'r.4.order', at: 2 * 3_600_000, reason }]);
  // As it left the guard: what was decided is not rewritten.
  expect(steps[1]?.orders).toMatchObject([{ id: 'r.4.order', status: 'approved', reason: null }]);
});

test('of a reversal that closes and then has nothing left, the opening part is', async () => {
  const ask: Ask = ({ index }) => {
    if (index === 0) return short;
    return index === 1 ? { side: 'BUY', quantity: 60, stop: 99 } : null;
  };
  const { fills, refusals } = orderedIn(await stepsOf([marketOf('A', flatBars(gap))], deciderOf(ask)));
  expect(fills).toEqual(['r.1.order 50', 'r.2.order 50']);
  const reason = 'the broker refused what it would have opened: no equity was left to cover it';
  expect(refusals).toEqual([{ order: 'r.2.order', at: 2 * 3_600_000, reason }]);
});
