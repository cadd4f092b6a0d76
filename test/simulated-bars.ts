import type { CandleSeries } from '../src/core/index.ts';
import {
  FillSimulator,
  freeTerms,
  honest,
  type SimulatedFill,
  type SimulatorOptions,
  type Terms,
} from '../src/trading/index.ts';

export type SimulatedBar = readonly [open: number, high: number, low: number, close: number, volume?: number];

const hourMs = 3_600_000;

/** Bars from 2024-01-01 on, an hour each unless told otherwise. */
export function seriesOf(
  bars: readonly SimulatedBar[],
  intervalMs: number = hourMs,
  symbol = 'A',
): CandleSeries {
  const column = (of: (bar: SimulatedBar, index: number) => number) => Float64Array.from(bars, of);
  return {
    symbol,
    intervalMs,
    length: bars.length,
    openTime: column((_, index) => Date.UTC(2024, 0, 1) + index * intervalMs),
    open: column(([open]) => open),
    high: column(([, high]) => high),
    low: column(([, , low]) => low),
    close: column(([, , , close]) => close),
    volume: column(([, , , , volume]) => volume ?? 1e6),
  };
}

export interface Simulation {
  readonly simulator: FillSimulator;
  readonly fills: readonly SimulatedFill[];
  /** Each fill as `+3@101 in 2`: signed units, price, bar. */
  readonly told: readonly string[];
  readonly cash: number;
  readonly equity: number;
}

/** Plays bars through a simulator of one instrument; `act` is called after each bar, as a strategy would be. */
export function simulate(
  bars: readonly SimulatedBar[],
  act: (simulator: FillSimulator, bar: number) => void,
  terms: Partial<Terms> = {},
  options: Partial<SimulatorOptions> & { readonly intervalMs?: number } = {},
): Simulation {
  const { intervalMs = hourMs, ...given } = options;
  const series = seriesOf(bars, intervalMs);
  const fills: SimulatedFill[] = [];
  const simulator = new FillSimulator({
    cash: 10_000,
    instruments: [{ symbol: 'A', terms: { ...freeTerms, ...terms } }],
    conventions: honest,
    onFill: (fill) => fills.push(fill),
    ...given,
  });
  for (let bar = 0; bar < bars.length; bar++) {
    simulator.step(0, series, bar);
    act(simulator, bar);
  }
  const { account } = simulator;
  const plain = (value: number) => Number(value.toPrecision(12));
  return {
    simulator,
    fills,
    told: fills.map(
      ({ size, price, bar }) => `${size > 0 ? '+' : ''}${plain(size)}@${plain(price)} in ${bar}`,
    ),
    cash: account.cash,
    equity: account.equity,
  };
}

/** Does something once, after bar `at`. */
export function afterBar(
  at: number,
  act: (simulator: FillSimulator) => void,
): (simulator: FillSimulator, bar: number) => void {
  return (simulator, bar) => {
    if (bar === at) act(simulator);
  };
}
