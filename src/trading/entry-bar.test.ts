import { describe, expect, test } from 'vitest';
import { afterBar, type SimulatedBar, simulate } from '../../test/simulated-bars.ts';
import type { Ticket } from './index.ts';

const quiet: SimulatedBar = [100, 101, 99, 100];
const buyInside: Ticket = { size: 10, limit: 99.5 };

/** Both placed while flat; the next bar comes down to the limit. */
function withReduceOnly(reducing: Ticket, bar: SimulatedBar = quiet) {
  return simulate(
    [quiet, bar],
    afterBar(0, (simulator) => {
      simulator.place(0, buyInside);
      simulator.place(0, { ...reducing, reduceOnly: true });
    }),
  ).told;
}

describe('a reduce-only order that waited for a lot opened inside the bar', () => {
  test.each<[string, Ticket, readonly string[]]>([
    [
      'closes at the entry, when its stop had been passed before',
      { size: -10, stop: 150 },
      ['+10@99.5 in 1', '-10@99.5 in 1'],
    ],
    [
      'closes at its stop, when the entry was not beyond it',
      { size: -10, stop: 99.2 },
      ['+10@99.5 in 1', '-10@99.2 in 1'],
    ],
    [
      'closes at the worse of entry and close, when its limit was met before',
      { size: -10, limit: 50 },
      ['+10@99.5 in 1', '-10@99.5 in 1'],
    ],
    [
      'closes at its limit, when the close proves it',
      { size: -10, limit: 100 },
      ['+10@99.5 in 1', '-10@100 in 1'],
    ],
    ['waits on, when the close does not', { size: -10, limit: 100.5 }, ['+10@99.5 in 1']],
  ])('%s', (_, reducing, told) => {
    expect(withReduceOnly(reducing)).toEqual(told);
  });

  test('pays the close, when that is worse than the entry', () => {
    expect(withReduceOnly({ size: -10, limit: 50 }, [100, 101, 98, 98.5])).toEqual([
      '+10@99.5 in 1',
      '-10@98.5 in 1',
    ]);
  });
});

test('a refused order does not cancel its group', () => {
  const { told, simulator } = simulate(
    [quiet, quiet],
    afterBar(0, (one) => {
      one.place(0, { size: 1_000, group: 'entry' });
      one.place(0, { size: 3, limit: 99.5, group: 'entry' });
    }),
  );
  expect(simulator.refusedAt).toEqual([1]);
  expect(told).toEqual(['+3@99.5 in 1']);
});

describe('an order that is a bar late', () => {
  const late = { delayBars: 1 };
  const day = 86_400_000;

  test.each<[string, Ticket, readonly string[]]>([
    ['plain', { size: 1 }, ['+1@102 in 2']],
    ['for one bar', { size: 1, timeInForce: 'ioc' }, ['+1@102 in 2']],
    ['whole or not at all', { size: 1, timeInForce: 'fok' }, ['+1@102 in 2']],
    ['on the open', { size: 1, session: 'open' }, ['+1@102 in 2']],
    ['on the close', { size: 1, session: 'close' }, ['+1@103 in 2']],
    ['for the day', { size: 1, timeInForce: 'day' }, ['+1@102 in 2']],
  ])('is still offered its bar: %s', (_, ticket, told) => {
    const bars: readonly SimulatedBar[] = [quiet, quiet, [102, 104, 101, 103], quiet];
    const play = simulate(
      bars,
      afterBar(0, (one) => one.place(0, ticket)),
      {},
      { ...late, intervalMs: day },
    );
    expect(play.told).toEqual(told);
  });
});

test('what is closed out at the end is sold at the last close, with its costs', () => {
  const { simulator, told } = simulate(
    [quiet, [100, 121, 99, 120]],
    afterBar(0, (one) => one.place(0, { size: 10 })),
  );
  simulator.closeOut(0);
  expect(told).toEqual(['+10@100 in 1']);
  expect(simulator.account.books[0]!.units).toBe(0);
  expect(simulator.account.equity).toBe(10_200);
  expect(simulator.closed).toMatchObject([{ exitPrice: 120, exitBar: 1, closedBy: 'end' }]);
});
