import { createRequire } from 'node:module';
import type { CandleSeries } from '../src/core/index.ts';

// Neither ships types that TypeScript 7 reads; these are the few calls made here.
interface Frame {
  readonly setIndex: (column: string) => Frame;
}
interface Rule {
  readonly bar: { readonly fast: number; readonly slow: number };
}

const require = createRequire(new URL('package.json', import.meta.url));

/** The same crosses with grademark, long only, on averages that are ready: @returns what is to be timed. */
export function runGrademark(series: CandleSeries): () => unknown {
  const { DataFrame } = require('data-forge') as { readonly DataFrame: new (rows: object[]) => Frame };
  const { backtest } = require('grademark') as {
    readonly backtest: (strategy: object, frame: Frame) => unknown;
  };
  const frame = new DataFrame(rowsOf(series)).setIndex('time');
  const strategy = {
    entryRule: (enter: () => void, { bar }: Rule) => {
      if (bar.fast > bar.slow) enter();
    },
    exitRule: (exit: () => void, { bar }: Rule) => {
      if (bar.fast < bar.slow) exit();
    },
    fees: () => 0.001,
  };
  return () => backtest(strategy, frame);
}

function rowsOf({ openTime, open, high, low, close, volume, length }: CandleSeries): object[] {
  const mean = (at: number, period: number) => {
    let sum = 0;
    for (let i = Math.max(0, at - period + 1); i <= at; i++) sum += close[i]!;
    return sum / period;
  };
  return Array.from({ length }, (_, i) => ({
    time: new Date(openTime[i]!),
    open: open[i]!,
    high: high[i]!,
    low: low[i]!,
    close: close[i]!,
    volume: volume[i]!,
    fast: mean(i, 10),
    slow: mean(i, 30),
  }));
}
