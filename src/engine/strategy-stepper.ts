import type { CandleSeries } from '../core/index.ts';
import { FillSimulator } from '../trading/index.ts';
import { type BacktestSettings, wholeOf } from './backtest.ts';
import { type Lines, openLines } from './lines.ts';
import type { Params, Strategy, StrategyBar } from './strategy.ts';
import { createSession } from './strategy-session.ts';

/**
 * A strategy on one instrument, fed bar by bar: what is not known yet does not exist. It places the same orders as a
 * backtest over the same bars, bit for bit, and takes longer.
 */
export class StrategyStepper {
  readonly simulator: FillSimulator;
  readonly #series: GrowingSeries;
  readonly #lines: Lines;
  readonly #decide: () => void;

  constructor(
    strategy: Strategy,
    params: Params,
    symbol: string,
    intervalMs: number,
    settings: BacktestSettings,
  ) {
    const { cash, conventions, hedging, exclusive, tradeOnClose } = settings;
    const instruments = [{ symbol, terms: settings.terms.get(symbol)! }];
    this.simulator = new FillSimulator({ cash, instruments, conventions, hedging, exclusive, tradeOnClose });
    this.#series = new GrowingSeries(symbol, intervalMs);
    this.#lines = openLines(strategy.indicators(params), this.#series);
    this.#decide = createSession({
      strategy,
      params,
      simulator: this.simulator,
      conventions,
      slot: 0,
      series: this.#series,
      lines: this.#lines,
      whole: wholeOf(conventions, 1),
    });
  }

  /** A bar has closed: orders fill on it, then the strategy is asked, once its lines are known. */
  push(bar: StrategyBar): void {
    const index = this.#series.length;
    this.#series.append(bar);
    this.#lines.advance(index + 1);
    if (index <= this.#lines.first || this.simulator.ruined) return;
    this.simulator.step(0, this.#series, index);
    this.#decide();
  }
}

const columns = ['openTime', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Candles that keep coming. A full column is replaced by one twice as long. */
class GrowingSeries implements CandleSeries {
  readonly symbol: string;
  readonly intervalMs: number;
  length = 0;
  openTime = new Float64Array(64);
  open = new Float64Array(64);
  high = new Float64Array(64);
  low = new Float64Array(64);
  close = new Float64Array(64);
  volume = new Float64Array(64);

  constructor(symbol: string, intervalMs: number) {
    this.symbol = symbol;
    this.intervalMs = intervalMs;
  }

  append({ time, open, high, low, close, volume }: StrategyBar): void {
    if (this.length === this.close.length) {
      for (const name of columns) {
        const roomier = new Float64Array(2 * this.length);
        roomier.set(this[name]);
        this[name] = roomier;
      }
    }
    const at = this.length++;
    this.openTime[at] = time;
    this.open[at] = open;
    this.high[at] = high;
    this.low[at] = low;
    this.close[at] = close;
    this.volume[at] = volume;
  }
}
