import type { CandleSeries } from '../../src/core/index.ts';
import { compatible, FillSimulator, freeTerms, type Lot, noFees } from '../../src/trading/index.ts';

/** How the oracle's engine was set up. A commission is relative, or fixed and relative. */
export interface OracleEngine {
  readonly cash: number;
  readonly spread: number;
  readonly commission: number | readonly [fixed: number, relative: number];
  readonly margin: number;
  readonly trade_on_close: boolean;
  readonly hedging: boolean;
  readonly exclusive_orders: boolean;
  readonly finalize_trades: boolean;
}

/** What the strategy asked for, and at the close of which bar. */
export interface Intent {
  readonly bar: number;
  readonly op: string;
  readonly size?: number | null;
  readonly limit?: number | null;
  readonly stop?: number | null;
  readonly sl?: number | null;
  readonly tp?: number | null;
  readonly portion?: number | null;
  readonly entry_bar?: number | null;
  readonly price?: number | null;
}

/** Plays recorded intents, without the strategy that had them. */
export function replayIntents(
  series: CandleSeries,
  engine: OracleEngine,
  firstBar: number,
  intents: readonly Intent[],
): { readonly simulator: FillSimulator; readonly equity: Float64Array } {
  const { symbol, length } = series;
  const [fixed, relative] =
    typeof engine.commission === 'number' ? [0, engine.commission] : engine.commission;
  const simulator = new FillSimulator({
    cash: engine.cash,
    instruments: [
      {
        symbol,
        terms: {
          ...freeTerms,
          spread: engine.spread,
          initialMargin: engine.margin,
          fees: { ...noFees, fixed, taker: relative, maker: relative },
        },
      },
    ],
    conventions: compatible,
    hedging: engine.hedging,
    exclusive: engine.exclusive_orders,
    tradeOnClose: engine.trade_on_close,
  });
  const equity = new Float64Array(length);
  const byBar = new Map<number, Intent[]>();
  for (const intent of intents) byBar.set(intent.bar, [...(byBar.get(intent.bar) ?? []), intent]);
  for (let bar = firstBar; bar < length && !simulator.ruined; bar++) {
    simulator.step(0, series, bar);
    equity[bar] = simulator.ruined ? 0 : simulator.account.equity;
    for (const intent of byBar.get(bar) ?? []) if (!simulator.ruined) place(simulator, intent);
  }
  if (engine.finalize_trades && !simulator.ruined && firstBar < length) {
    for (const lot of [...simulator.account.books[0]!.lots].reverse()) simulator.close(lot);
    simulator.step(0, series, length - 1);
    equity[length - 1] = simulator.ruined ? 0 : simulator.account.equity;
  }
  equity.fill(firstBar < length ? equity[firstBar]! : engine.cash, 0, Math.min(firstBar, length));
  return { simulator, equity };
}

function place(simulator: FillSimulator, intent: Intent): void {
  const { lots, orders } = simulator.account.books[0]!;
  const affected = lots.filter((lot) => intent.entry_bar == null || lot.entryBar === intent.entry_bar);
  switch (intent.op) {
    case 'buy':
    case 'sell': {
      const size = intent.size ?? 1 - 2 ** -52;
      simulator.place(0, {
        size: intent.op === 'buy' ? size : -size,
        of: size < 1 ? 'account' : 'units',
        ...(intent.limit == null ? {} : { limit: intent.limit }),
        ...(intent.stop == null ? {} : { stop: intent.stop }),
        ...(intent.sl == null ? {} : { stopLoss: intent.sl }),
        ...(intent.tp == null ? {} : { takeProfit: intent.tp }),
      });
      break;
    }
    case 'close':
    case 'close_trade':
    case 'close_position':
      for (const lot of affected) simulator.close(lot, unitsOf(lot, intent.portion ?? 1));
      break;
    case 'set_sl':
      for (const lot of affected) simulator.protect(lot, intent.price ?? Number.NaN);
      break;
    case 'set_tp':
      for (const lot of affected) simulator.target(lot, intent.price ?? Number.NaN);
      break;
    case 'cancel_all_entries':
      for (const order of [...orders]) if (order.role === 'entry') simulator.cancel(order);
      break;
    default:
      throw new Error(`the oracle's intent "${intent.op}" is not known`);
  }
}

/** Python rounds halves to even. */
function unitsOf(lot: Lot, portion: number): number {
  const units = Math.abs(lot.size) * portion;
  const rounded = Math.round(units);
  const even = Math.abs(units % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  return Math.max(1, even);
}
