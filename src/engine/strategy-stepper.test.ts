import { describe, expect, test } from 'vitest';
import { minuteCandles } from '../../bench/minute-candles.ts';
import { shippedStrategies } from '../strategies/index.ts';
import { compatible, freeTerms, honest, noFees } from '../trading/index.ts';
import { type BacktestSettings, backtest, StrategyStepper } from './index.ts';

const series = minuteCandles(3_000);
const instrument = {
  symbol: 'SYN',
  assetClass: 'equity',
  currency: 'USD',
  timeframe: '1m',
  adjusted: null,
} as const;
const fees = { ...noFees, taker: 0.001, maker: 0.0005 };
const settings = (conventions: BacktestSettings['conventions']): BacktestSettings => ({
  cash: 1_000_000,
  conventions,
  terms: new Map([['SYN', { ...freeTerms, fees, spread: 0.0002 }]]),
  hedging: false,
  exclusive: conventions === compatible,
  tradeOnClose: false,
  finalize: false,
});

describe.each([
  ['by default', honest],
  ['in compatibility mode', compatible],
])('%s', (_, conventions) => {
  test.each([...shippedStrategies])('bars one by one bring the same orders of %s', (_name, strategy) => {
    const whole = backtest(
      strategy,
      strategy.params,
      [{ instrument, series, from: 0, to: series.length }],
      settings(conventions),
    );
    const stepper = new StrategyStepper(strategy, strategy.params, 'SYN', 60_000, settings(conventions));
    for (let i = 0; i < series.length; i++) {
      stepper.push({
        time: series.openTime[i]!,
        open: series.open[i]!,
        high: series.high[i]!,
        low: series.low[i]!,
        close: series.close[i]!,
        volume: series.volume[i]!,
      });
    }
    expect(stepper.simulator.log.digest()).toBe(whole.simulator.log.digest());
    expect(stepper.simulator.account.equity).toBe(whole.equity.at(-1));
    expect(stepper.simulator.account.traded).toBeGreaterThan(0);
  });
});
