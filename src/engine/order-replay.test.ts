import fc from 'fast-check';
import { expect, test } from 'vitest';
import { marketOf } from '../../test/candles.ts';
import { capital } from '../../test/orders.ts';
import { type Ask, conclude, deciderOf, runCosts, stepsOf } from '../../test/trading-loop.ts';
import { barCount, type Decider, type Market, replayCurve, stressOfOrders } from './index.ts';

const shape = fc.array(
  fc.option(fc.tuple(fc.integer({ min: 80, max: 120 }), fc.integer({ min: 80, max: 120 })), { freq: 6 }),
  { minLength: 1, maxLength: 30, size: 'max' },
);
const anyMarkets = fc
  .array(shape, { minLength: 1, maxLength: 3 })
  .map((shapes) => shapes.map((bars, slot) => marketOf('ABC'.charAt(slot), bars)))
  .filter((markets) => barCount(markets) > 0);

/** Follows each bar's direction, with a stop near enough to be reached, and closes on a bar that stands still. */
const follower: Ask = ({ bar, position }) => {
  const held = position?.quantity ?? 0;
  if (Math.abs(bar.close - bar.open) < 3) {
    return held === 0 ? null : { side: held > 0 ? 'SELL' : 'BUY', quantity: Math.abs(held), stop: null };
  }
  const up = bar.close > bar.open;
  return { side: up ? 'BUY' : 'SELL', quantity: 11 + Math.abs(held), stop: bar.close + (up ? -4 : 4) };
};

async function played(markets: readonly Market[], decider: Decider = deciderOf(follower)) {
  const steps = await stepsOf(markets, decider);
  const costs = new Map(markets.map(({ instrument: { symbol } }) => [symbol, runCosts]));
  const orders = steps.flatMap((step) => step.orders);
  return { steps, request: { capital, markets, costs, orders } };
}

test('at the same costs and without delay the replay is the run, stops, refusals and holes included', async () => {
  const seen = { stops: 0, refused: 0, decided: 0 };
  await fc.assert(
    fc.asyncProperty(anyMarkets, async (markets) => {
      const { steps, request } = await played(markets);
      for (const { type, status } of request.orders) {
        if (type === 'stop') seen.stops++;
        else if (status === 'refused') seen.refused++;
        else seen.decided++;
      }
      const curve = replayCurve(request, {});
      expect(curve.map(({ at }) => at)).toEqual(steps.map(({ at }) => at));
      for (const [index, { equity, cash }] of curve.entries()) {
        expect(equity).toBeCloseTo(steps[index]!.equity.equity, 7);
        expect(cash).toBeCloseTo(steps[index]!.equity.cash, 7);
      }
    }),
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(20);
});

test('a run that ended in ruin ends so in its replay', async () => {
  const ruin: Ask = ({ index, instrument }) => {
    if (index === 0) return { side: 'SELL', quantity: 50, stop: 104 };
    return index === 1 && instrument.symbol === 'A' ? { side: 'BUY', quantity: 60, stop: 99 } : null;
  };
  const gap = [100, 100, 400, 400].map((price) => [price, price] as const);
  const { steps, request } = await played([marketOf('A', gap)], deciderOf(ruin));
  const end = replayCurve(request, {}).at(-1)?.equity;
  expect(end).toBeLessThan(0);
  expect(end).toBeCloseTo(steps.at(-1)!.equity.equity, 7);
});

/*
 * Fee 10 and spread 2 basis points. Bought 10 at the open of bar 1, sold at the open of bar 3:
 * costs of the run 10 × (100 + 110) × 0.0011 = 2.31, but for the fee on the spread.
 */
const rise = [100, 100, 110, 110, 120, 120].map((price) => [price, price] as const);
const twoOrders: Decider = {
  decide: (situation) =>
    conclude(situation, ({ index }) => {
      if (index === 0) return { side: 'BUY', quantity: 10, stop: 96 };
      return index === 2 ? { side: 'SELL', quantity: 10, stop: null } : null;
    }),
  state: () => null,
};

test('twice the costs are paid twice, five times five times', async () => {
  const { steps, request } = await played([marketOf('A', rise)], twoOrders);
  const lost = (100 - (steps.at(-1)!.equity.equity - capital)) / capital;
  const { doubleCostsPct, fiveFoldCostsPct, doubleCosts } = stressOfOrders(request);
  expect(lost).toBeCloseTo(0.000231, 6);
  expect(doubleCostsPct).toBeCloseTo(1 - 200 * lost, 5);
  expect(fiveFoldCostsPct).toBeCloseTo(1 - 500 * lost, 4);
  expect(doubleCosts).toEqual({
    returnPct: doubleCostsPct,
    sharpe: null,
    maxDrawdownPct: expect.any(Number),
  });
});

test('an order that is a bar late fills at the open after the next, and is not asked for again', async () => {
  const { request } = await played([marketOf('A', rise)], twoOrders);
  // Bought at 110, sold at 120.
  const costs = 10 * (110 + 120) * 0.0011;
  expect(stressOfOrders(request).delayedBarPct).toBeCloseTo((100 * (100 - costs)) / capital, 5);
});

test('costs that leave nothing of a price have no result', async () => {
  const { request } = await played([marketOf('A', rise)], twoOrders);
  const costs = new Map([['A', { feeBps: 0, spreadBps: 4_000, slippageBps: 1_000 }]]);
  const stress = stressOfOrders({ ...request, costs });
  expect(stress).toMatchObject({ fiveFoldCosts: null, fiveFoldCostsPct: null });
  expect(stress.doubleCosts).not.toBeNull();
});
