import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capital, orderOf } from '../../test/orders.ts';
import { type AccountView, Guard, type Limits, type Order, Portfolio } from './index.ts';

/** Numbers nobody should send, beside ones somebody would. */
const absurd = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 1e308, 5e-324),
);
const instrument = fc.constantFrom('A', 'B');
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      instrument,
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(1, 3, 10, 30, 100) },
        { weight: 1, arbitrary: absurd },
      ),
      /** From the price to the side where a loss would be, as a share of the price. */
      away: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(0.001, 0.005, 0.01, 0.02, 0.05) },
        { weight: 1, arbitrary: absurd },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
    }),
  },
  // The instrument opens at its last price: what waits for it fills, and the account is worth what it was.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('open' as const), instrument }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('price' as const),
      instrument,
      factor: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
    }),
  },
);
const anyLimits = fc.record({
  riskPerTradePct: fc.double({ min: 0.1, max: 10, noNaN: true }),
  portfolioRiskPct: fc.double({ min: 0.1, max: 20, noNaN: true }),
  positionPct: fc.double({ min: 1, max: 150, noNaN: true }),
  stopDistancePct: fc.double({ min: 0.1, max: 10, noNaN: true }),
  drawdownPct: fc.constant(100),
  lossStreak: fc.constant(1_000_000),
  leverage: fc.double({ min: 0.1, max: 3, noNaN: true }),
});

/** The books after what waits for `instruments` has filled at the last prices, free of cost. */
function settle(portfolio: Portfolio, waiting: readonly Order[], instruments: readonly string[]): Portfolio {
  const settled = new Portfolio(portfolio.state());
  for (const { id, at, instrument: symbol, side, quantity, stop } of waiting) {
    if (!instruments.includes(symbol)) continue;
    const price = portfolio.markOf(symbol);
    settled.apply({ order: id, at, instrument: symbol, side, quantity, price, fee: 0 }, stop);
  }
  return settled;
}

function expectWithin(own: Limits, opened: string, portfolio: Portfolio): void {
  const { equity } = portfolio;
  const share = (percent: number) => ((equity * percent) / 100) * (1 + 1e-6);
  const risks = portfolio.positions().map(({ instrument: symbol, quantity, stop }) => {
    const mark = portfolio.markOf(symbol);
    const value = Math.abs(quantity) * mark;
    return { symbol, value, risk: stop === null ? value : Math.max(0, quantity * (mark - stop)), stop, mark };
  });
  const position = risks.find(({ symbol }) => symbol === opened)!;
  expect(Math.abs(position.mark - position.stop!) / position.mark).toBeLessThanOrEqual(
    (own.stopDistancePct / 100) * (1 + 1e-6),
  );
  expect(position.risk).toBeGreaterThan(0);
  expect(position.risk).toBeLessThanOrEqual(share(own.riskPerTradePct));
  expect(position.value).toBeLessThanOrEqual(share(own.positionPct));
  const total = (of: 'risk' | 'value') => risks.reduce((sum, one) => sum + one[of], 0);
  expect(total('risk')).toBeLessThanOrEqual(share(own.portfolioRiskPct));
  expect(total('value')).toBeLessThanOrEqual(share(own.leverage * 100));
}

describe('no sequence of orders, however absurd,', () => {
  test('opens past a limit at the prices judged on, enlarges an order or stops an exit', () => {
    let openings = 0;
    fc.assert(
      fc.property(anyLimits, fc.array(command, { maxLength: 40, size: 'max' }), (own, commands) => {
        const guard = new Guard(own, capital);
        let portfolio = new Portfolio(capital);
        for (const symbol of ['A', 'B']) portfolio.mark(symbol, 100);
        let waiting: readonly Order[] = [];
        for (const [at, one] of commands.entries()) {
          if (one.kind === 'price') {
            portfolio.mark(one.instrument, portfolio.markOf(one.instrument) * one.factor);
            guard.observe(portfolio.equity, []);
          } else if (one.kind === 'open') {
            portfolio = settle(portfolio, waiting, [one.instrument]);
            waiting = waiting.filter((order) => order.instrument !== one.instrument);
          } else {
            const { side, quantity, away } = one;
            const direction = side === 'BUY' ? 1 : -1;
            const mark = portfolio.markOf(one.instrument);
            const stop = away === null ? null : mark * (1 - direction * away);
            const order = orderOf({ id: `o${at}`, instrument: one.instrument, side, quantity, stop });
            const account: AccountView = {
              equity: portfolio.equity,
              positions: portfolio.positions(),
              waiting,
              markOf: (symbol) => portfolio.markOf(symbol),
            };
            const before = settle(portfolio, waiting, ['A', 'B']).position(order.instrument)?.quantity ?? 0;
            const answer = guard.review(order, account, 'crypto');
            if (quantity > 0 && quantity <= -direction * before) {
              expect(answer).toEqual({ kind: 'approved', order, reason: null });
            }
            if (answer.kind === 'refused') continue;
            const passed = answer.order;
            expect(Object.isFrozen(passed)).toBe(true);
            expect(passed.quantity).toBeGreaterThan(0);
            expect(passed.quantity).toBeLessThanOrEqual(quantity * (1 + 1e-8));
            waiting = [...waiting, passed];
            if (passed.quantity <= Math.abs(before) && Math.sign(before) === -direction) continue;
            openings++;
            // Another instrument may trade sooner or later than this one.
            expectWithin(own, order.instrument, settle(portfolio, waiting, [order.instrument]));
            expectWithin(own, order.instrument, settle(portfolio, waiting, ['A', 'B']));
          }
        }
      }),
      { numRuns: 500 },
    );
    // The property is about something.
    expect(openings).toBeGreaterThan(1000);
  });
});
