import { describe, expect, test } from 'vitest';
import { flatBars, marketOf } from '../../test/candles.ts';
import { capital } from '../../test/orders.ts';
import { type Ask, accountFor, conclude, deciderOf, decisionsOf, stepsOf } from '../../test/trading-loop.ts';
import { barCount, type Decider, runLoop, type Situation, type Step } from './index.ts';

const hour = 3_600_000;

describe('the life of an order', () => {
  // Buys 10 at bar 0 with a stop at 98, closes at bar 2.
  const ask: Ask = ({ index, position }) => {
    if (index === 0) return { side: 'BUY', quantity: 10, stop: 98 };
    return index === 2 ? { side: 'SELL', quantity: position?.quantity ?? 0, stop: null } : null;
  };
  const market = marketOf('A', [
    [100, 100],
    [110, 120],
    [120, 130],
    [125, 125],
  ]);

  test('decided at a close, filled at the next open with costs, marked at the closes', async () => {
    const [first, second, third, fourth] = await stepsOf([market], deciderOf(ask));
    const order = { id: 'r.1.order', instrument: 'A', side: 'BUY', type: 'market', quantity: 10, stop: 98 };
    const approved = { status: 'approved', reason: null };
    expect(first).toMatchObject({
      at: hour,
      fills: [],
      equity: { at: hour, equity: capital, cash: capital },
    });
    expect(first?.orders).toEqual([{ ...order, ...approved, at: hour, limit: null, decision: 'r.1' }]);
    const { instrument: _, ...inDecision } = order;
    expect(first?.records[0]?.order).toEqual({ ...inDecision, ...approved });
    // 110 × (1 + 1/10000) = 110.011; fee 110.011 × 10 × 10/10000 = 1.10011; the bar opened at the first one's close.
    const [bought] = second?.fills ?? [];
    expect(bought).toMatchObject({ order: 'r.1.order', at: hour, side: 'BUY', quantity: 10 });
    expect(bought?.price).toBeCloseTo(110.011, 10);
    expect(bought?.fee).toBeCloseTo(1.10011, 10);
    // 10000 − 1100.11 − 1.10011 = 8898.78989, and ten at 120.
    expect(second?.equity.cash).toBeCloseTo(8898.789_89, 8);
    expect(second?.equity.equity).toBeCloseTo(10_098.789_89, 8);
    expect(third?.trades).toEqual([]);
    // 125 × 0.9999 = 124.9875; (124.9875 − 110.011) × 10 − 1.10011 − 1.249875 = 147.415015
    expect(fourth?.trades).toMatchObject([
      { side: 'LONG', openedBy: 'r.1.order', closedBy: 'r.3.order', openedAt: hour, closedAt: 3 * hour },
    ]);
    expect(fourth?.trades[0]?.pnl).toBeCloseTo(147.415_015, 8);
    expect(fourth?.equity.equity).toBeCloseTo(capital + 147.415_015, 8);
    expect(fourth?.equity.cash).toBe(fourth?.equity.equity);
  });

  test('the stop reaches the position, and the decider sees position and account as of its close', async () => {
    const seen: Situation[] = [];
    await stepsOf(
      [market],
      deciderOf((situation) => {
        seen.push(situation);
        return ask(situation);
      }),
    );
    expect(seen[0]).toMatchObject({ at: hour, index: 0, position: null, bar: { open: 100, close: 100 } });
    expect(seen[1]).toMatchObject({ at: 2 * hour, position: { quantity: 10, stop: 98, openedAt: hour } });
    expect(seen[1]?.account.equity).toBeCloseTo(10_098.789_89, 8);
    expect(seen[3]?.position).toBeNull();
  });

  test('what the guard refuses is recorded and never fills', async () => {
    const steps = await stepsOf(
      [market],
      deciderOf(() => ({ side: 'BUY', quantity: 1, stop: null })),
    );
    const reason = 'an opening needs a stop';
    expect(steps.flatMap(({ fills }) => fills)).toEqual([]);
    expect(steps.map(({ orders }) => orders[0])).toMatchObject(
      [1, 2, 3, 4].map((number) => ({ id: `r.${number}.order`, status: 'refused', reason, quantity: 1 })),
    );
    expect(steps[0]?.records[0]?.order).toMatchObject({ status: 'refused', reason });
  });

  test('the size the guard left is the size that fills', async () => {
    const steps = await stepsOf(
      [market],
      deciderOf(({ index }) => (index === 0 ? { side: 'SELL', quantity: 500, stop: 101 } : null)),
    );
    expect(steps[0]?.orders[0]).toMatchObject({
      quantity: 50,
      status: 'approved',
      reason: 'size cut to fit positionPct 50',
    });
    expect(steps[1]?.fills[0]).toMatchObject({ side: 'SELL', quantity: 50 });
  });

  test('the guard hears of every trade that closed: five losses in a row pause openings for 24 bars', async () => {
    // At a price that stands still a round trip loses its costs; trade k closes at the open of bar 2k.
    const inAndOut: Ask = ({ position }) =>
      position === null
        ? { side: 'BUY', quantity: 1, stop: 99 }
        : { side: 'SELL', quantity: position.quantity, stop: null };
    const flat = marketOf('A', flatBars(Array.from({ length: 36 }, () => 100)));
    const steps = await stepsOf([flat], deciderOf(inAndOut));
    const refused = steps.flatMap(({ orders }, bar) => (orders[0]?.status === 'refused' ? [bar] : []));
    expect(refused).toEqual(Array.from({ length: 24 }, (_, bar) => 10 + bar));
    expect(steps[10]?.orders[0]?.reason).toBe('no openings for 24 more bars: 5 losing trades in a row');
  });

  test('orders of one instant share the limits, in the order of symbols', async () => {
    const markets = ['B', 'A', 'C'].map((symbol) => marketOf(symbol, flatBars([100, 100])));
    const [first] = await stepsOf(
      markets,
      deciderOf(() => ({ side: 'BUY', quantity: 45, stop: 99.5 })),
    );
    expect(first?.orders).toMatchObject([
      { instrument: 'A', quantity: 45 },
      { instrument: 'B', quantity: 45 },
      { instrument: 'C', quantity: 10, reason: 'size cut to fit leverage 1' },
    ]);
  });
});

describe('instruments that do not trade together', () => {
  // A has no bar in the third and fourth hour; B begins an hour later.
  const a = marketOf('A', [[100, 101], [102, 103], null, null, [200, 201], [202, 203]]);
  const b = marketOf('B', [null, [50, 51], [52, 53], [54, 55], [56, 57]]);

  test('an instrument without a bar gets no decision, no fill, and keeps its last price', async () => {
    const buyOnce: Ask = ({ instrument, index }) =>
      instrument.symbol === 'A' && index === 1 ? { side: 'BUY', quantity: 1, stop: 100 } : null;
    const steps = await stepsOf([b, a], deciderOf(buyOnce));
    expect(
      steps.map(({ at, records }) => [at / hour, records.map(({ instrument }) => instrument).join()]),
    ).toEqual([
      [1, 'A'],
      [2, 'A,B'],
      [3, 'B'],
      [4, 'B'],
      [5, 'A,B'],
      [6, 'A'],
    ]);
    const fills = steps.flatMap(({ fills: own }) => own);
    // Ordered at the close of hour 2, filled at A's next open, which is hour 4's.
    expect(fills).toMatchObject([{ instrument: 'A', at: 4 * hour }]);
    expect(fills[0]?.price).toBeCloseTo(200.02, 10);
    expect(steps[4]?.fills).toHaveLength(1);
    expect(steps.slice(0, 4).map(({ equity }) => equity.equity)).toEqual([
      capital,
      capital,
      capital,
      capital,
    ]);
  });

  test('a position is worth its last close while its instrument rests', async () => {
    const buyFirst: Ask = ({ instrument, index }) =>
      instrument.symbol === 'A' && index === 0 ? { side: 'BUY', quantity: 1, stop: 100 } : null;
    const steps = await stepsOf([a, b], deciderOf(buyFirst));
    const values = steps.map(({ equity }) => equity.equity - equity.cash);
    [0, 103, 103, 103, 201, 203].forEach((value, slot) => {
      expect(values[slot]).toBeCloseTo(value, 8);
    });
  });

  test('numbers count every decision from 1, and there is one for each bar', async () => {
    const decisions = decisionsOf(
      await stepsOf(
        [b, a],
        deciderOf(() => null),
      ),
    );
    expect(decisions.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(decisions).toHaveLength(barCount([a, b]));
    expect(decisions.map(({ instrument }) => instrument).join('')).toBe('AABBBABA');
  });

  test('bars before the range are not decided on, and a series out of range has no part', async () => {
    const warm = marketOf('W', flatBars([1, 2, 3, 4]), { from: 2 });
    const empty = { ...a, from: 2, to: 2 };
    const decisions = decisionsOf(
      await stepsOf(
        [warm, empty],
        deciderOf(() => null),
      ),
    );
    expect(decisions.map(({ reasoning }) => reasoning)).toEqual(['bar 2', 'bar 3']);
  });
});

describe('waiting', () => {
  const markets = ['A', 'B'].map((symbol) => marketOf(symbol, flatBars([100, 101, 102])));

  test('a decider that answers at once costs no turn of the event loop', async () => {
    let steps = 0;
    const onStep = () => {
      steps++;
    };
    const ended = runLoop({ ...accountFor(markets), decider: deciderOf(() => null), onStep });
    expect(steps).toBe(3);
    await ended;
  });

  test('one that takes its time is asked for all instruments at once, with the same result', async () => {
    const ask: Ask = ({ index }) => (index === 0 ? { side: 'BUY', quantity: 3, stop: 99 } : null);
    const asked: string[] = [];
    const slow: Decider = {
      async decide(situation) {
        asked.push(`ask ${situation.number}`);
        // The first instrument answers last.
        for (let turn = situation.number; turn < 10; turn++) await null;
        asked.push(`answer ${situation.number}`);
        return conclude(situation, ask);
      },
      state: () => null,
    };
    expect(await stepsOf(markets, slow)).toEqual(await stepsOf(markets, deciderOf(ask)));
    expect(asked.slice(0, 5)).toEqual(['ask 1', 'ask 2', 'answer 2', 'answer 1', 'ask 3']);
  });

  test('instruments that answer at once and such that do not may stand side by side', async () => {
    const mixed: Decider = {
      decide: (situation) => {
        const answer = conclude(situation, () => null);
        return situation.instrument.symbol === 'A' ? answer : Promise.resolve(answer);
      },
      state: () => null,
    };
    expect(await stepsOf(markets, mixed)).toEqual(
      await stepsOf(
        markets,
        deciderOf(() => null),
      ),
    );
  });

  test('a listener that takes its time holds the run up', async () => {
    let release: () => void = () => {};
    let steps = 0;
    const onStep = () => {
      steps++;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const ended = runLoop({ ...accountFor(markets), decider: deciderOf(() => null), onStep });
    expect(steps).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toBe(1);
    for (let turn = 0; turn < 3; turn++) {
      release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(steps).toBe(3);
    expect(await ended).toBe('done');
  });

  test('the clock stands at the close while a bar is decided on', async () => {
    const options = accountFor(markets);
    const seen: number[] = [];
    const decider = deciderOf(({ at }) => {
      seen.push(options.clock.now() - at);
      return null;
    });
    await runLoop({ ...options, decider, onStep: () => undefined });
    expect(seen).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('a failure of the decider ends the run with that failure', async () => {
    const decider = deciderOf(({ index }) => {
      if (index === 1) throw new Error('out of order');
      return null;
    });
    const steps: Step[] = [];
    const onStep = (step: Step) => {
      steps.push(step);
    };
    await expect(runLoop({ ...accountFor(markets), decider, onStep })).rejects.toThrow('out of order');
    expect(steps).toHaveLength(1);
  });
});

test('a run told to stop before it began does nothing', async () => {
  const steps: Step[] = [];
  const ended = await runLoop({
    ...accountFor([marketOf('A', flatBars([1, 2]))]),
    decider: deciderOf(() => null),
    signal: AbortSignal.abort(),
    onStep: (step) => {
      steps.push(step);
    },
  });
  expect([ended, steps]).toEqual(['stopped', []]);
});
