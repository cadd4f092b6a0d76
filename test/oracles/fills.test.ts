import { describe, expect, test } from 'vitest';
import type { Instrument } from '../../src/core/index.ts';
import { backtest, compatibleStatistics } from '../../src/engine/index.ts';
import { shippedStrategies } from '../../src/strategies/index.ts';
import { type ClosedLot, compatible, freeTerms, noFees } from '../../src/trading/index.ts';
import { oracleCandles, oracleCases, oracleFolder, oracleSweeps, oraclesSkipped } from './oracle-cases.ts';
import { replayIntents } from './replay-intents.ts';

const skipped = oraclesSkipped();

/** Their column, ours, and how close it must be: exactly, or by 1e-9 of its value. */
const columns: readonly (readonly [theirs: string, ours: (lot: ClosedLot) => number, exact: boolean])[] = [
  ['Size', (lot) => lot.size, true],
  ['EntryBar', (lot) => lot.entryBar, true],
  ['ExitBar', (lot) => lot.exitBar, true],
  ['EntryPrice', (lot) => lot.entryPrice, false],
  ['ExitPrice', (lot) => lot.exitPrice, false],
  ['SL', (lot) => lot.stopLoss, false],
  ['TP', (lot) => lot.takeProfit, false],
  ['PnL', (lot) => lot.pnl, false],
  ['Commission', (lot) => lot.fees, false],
  ['ReturnPct', (lot) => lot.returnFraction, false],
];

/** How a column of ours comes out of units of the smallest fraction. */
function scaleOf(column: string, unit: number): number {
  if (column === 'Size') return unit;
  return /Price|SL|TP/.test(column) ? 1 / unit : 1;
}

function expectClose(ours: number, theirs: number | null | undefined, what: string): void {
  if (theirs === null || theirs === undefined) expect(ours, what).toBeNaN();
  else
    expect(Math.abs(ours - theirs), `${what}: ${ours}, not ${theirs}`).toBeLessThanOrEqual(
      1e-9 * Math.abs(theirs) + 1e-12,
    );
}

describe.skipIf(skipped)('replaying what a strategy asked for fills as backtesting.py fills', () => {
  test('the oracles are there', () => {
    expect(oracleCases, `no cases in ${oracleFolder}`).not.toHaveLength(0);
  });

  test.each(oracleCases.map((one) => [one.name, one] as const))('%s', (_, oracle) => {
    const unit = oracle.fractional_unit ?? 1;
    const series = oracleCandles(oracle.data, unit);
    const { simulator, equity } = replayIntents(series, oracle.engine, oracle.first_next_bar, oracle.intents);
    expect(simulator.closed).toHaveLength(oracle.trades['Size']?.length ?? 0);
    simulator.closed.forEach((lot, trade) => {
      for (const [name, ours, exact] of columns) {
        const theirs = oracle.trades[name]?.[trade];
        const value = ours(lot) * scaleOf(name, unit);
        if (exact && unit === 1) expect(value, `trade ${trade} ${name}`).toBe(theirs);
        else expectClose(value, theirs, `trade ${trade} ${name}`);
      }
    });
    oracle.equity.forEach((theirs, bar) => {
      expectClose(equity[bar]!, theirs, `equity after bar ${bar}`);
    });
    expect(simulator.refusedAt).toEqual(oracle.broker_cancel_bars);
  });
});

const instrument: Instrument = {
  symbol: 'X',
  assetClass: 'equity',
  currency: 'USD',
  timeframe: '1d',
  adjusted: null,
};

describe.skipIf(oracleSweeps.length === 0)(
  'the shipped sma-cross with its own averages ends as backtesting.py ends',
  () => {
    const rows = oracleSweeps.flatMap(({ data, engine, rows: own }) =>
      own.map((row) => [`${data} ${row['n1']}/${row['n2']}`, { data, engine, row }] as const),
    );

    test.each(rows)('%s', (_, { data, engine, row }) => {
      const series = oracleCandles(data);
      const cash = engine.cash ?? 10_000;
      const relative = typeof engine.commission === 'number' ? engine.commission : 0;
      const fees = { ...noFees, taker: relative, maker: relative };
      const result = backtest(
        shippedStrategies.get('sma-cross')!,
        { fast: row['n1']!, slow: row['n2']!, size: 0 },
        [{ instrument, series, from: 0, to: series.length }],
        {
          cash,
          conventions: compatible,
          terms: new Map([['X', { ...freeTerms, fees }]]),
          hedging: false,
          exclusive: engine.exclusive_orders ?? false,
          tradeOnClose: engine.trade_on_close ?? false,
          finalize: engine.finalize_trades ?? false,
        },
      );
      expect(result.closed).toHaveLength(row['# Trades']!);
      expectClose(result.equity.at(-1)!, row['Equity Final [$]'], 'final equity');
      const column = (of: (lot: ClosedLot) => number) => Float64Array.from(result.closed, of);
      const statistics = compatibleStatistics({
        openTime: series.openTime,
        close: series.close,
        equity: result.equity,
        firstNextBar: result.warmUp,
        trades: {
          entryBar: column((lot) => lot.entryBar),
          exitBar: column((lot) => lot.exitBar),
          pnl: column((lot) => lot.pnl),
          commission: column((lot) => lot.fees),
          returnFraction: column((lot) => lot.returnFraction),
        },
      });
      expectClose(statistics.sharpe!, row['Sharpe Ratio'], 'sharpe');
      expectClose(statistics.sqn!, row['SQN'], 'sqn');
      expectClose(-statistics.maxDrawdownPct!, row['Max. Drawdown [%]'], 'max drawdown');
    });
  },
);
