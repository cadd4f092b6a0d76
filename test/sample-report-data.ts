import {
  type CandleSeries,
  createNormal,
  createRandom,
  decisionId,
  type EquityPoint,
  type OrderRecord,
  orderId,
  type Position,
  type Trade,
} from '../src/core/index.ts';
import type { ReportData, ReportDecision } from '../src/report/index.ts';
import { sampleDecision, sampleRun } from './sample-decision.ts';
import { sampleRunDocument } from './sample-run-document.ts';

export interface SampleOptions {
  readonly bars: number;
  readonly seed?: number;
  /** Still running, with no document. */
  readonly running?: boolean;
  /** Never enters the market. */
  readonly idle?: boolean;
}

const hourMs = 3_600_000;
const start = Date.UTC(2024, 0, 1);
const feeShare = 0.001;

/** A seeded run of a small crossing rule on a random walk, with books that add up; for tests and for looking at the page. */
export function sampleReportData(options: SampleOptions): ReportData {
  const series = randomWalk(options.bars, options.seed ?? 7);
  const played = play(series, options.idle === true);
  const first = series.open[0]!;
  const hold = played.equity.map((_, index) => (10_000 * series.close[index]!) / first);
  const matched = hold.map((value) => 10_000 + (value - 10_000) * 0.3);
  const end = played.equity.at(-1)!.equity;
  const sample = sampleRunDocument();
  const document = {
    ...sample,
    to: new Date(start + options.bars * hourMs).toISOString(),
    bars: options.bars,
    decisions: options.bars,
    trades: played.trades.length,
    evidence: {
      ...sample.evidence!,
      insufficient: [{ kind: 'trades' as const, found: played.trades.length, needed: 30 }],
    },
    orders: played.orders.length,
    refused: played.orders.filter((order) => order.status === 'refused').length,
    fills: played.orders.filter((order) => order.status === 'filled').length,
    equity: {
      start: 10_000,
      end,
      cash: played.equity.at(-1)!.cash,
      positions: end - played.equity.at(-1)!.cash,
      fees: played.fees,
    },
    metrics: {
      ...sample.metrics,
      maxDrawdownPct: deepestFall(played.equity),
      returnPct: end / 100 - 100,
      days: Math.ceil(options.bars / 24),
    },
    baselines: {
      ...sample.baselines,
      buyAndHold: { ...sample.baselines.buyAndHold, returnPct: hold.at(-1)! / 100 - 100 },
      exposureMatched: { ...sample.baselines.exposureMatched, returnPct: matched.at(-1)! / 100 - 100 },
    },
    sources: { ...sample.sources, rules: options.bars },
  };
  return {
    title: `solar · ${sampleRun}`,
    synthetic: true,
    document: options.running === true ? null : document,
    progress:
      options.running === true
        ? {
            done: options.bars,
            total: options.bars * 2,
            sources: document.sources,
            fellBack: 0,
            llm: sample.llm,
          }
        : null,
    deskText: 'desk: solar\ninstruments: [SYN-A]\ntimeframe: 1h\ncapital: 10000\n',
    seed: options.seed ?? 7,
    version: '0.1.0',
    equity: played.equity,
    baselines: [
      { name: 'buy-and-hold', equity: Float64Array.from(hold) },
      { name: 'exposure-matched', equity: Float64Array.from(matched) },
    ],
    candles: [series],
    trades: played.trades,
    orders: played.orders,
    positions: played.positions,
    decisions: played.decisions.reverse(),
    decisionCount: options.bars,
    alerts: [],
  };
}

function deepestFall(equity: readonly EquityPoint[]): number {
  let peak = 10_000;
  let deepest = 0;
  for (const point of equity) {
    peak = Math.max(peak, point.equity);
    deepest = Math.max(deepest, ((peak - point.equity) / peak) * 100);
  }
  return deepest;
}

function randomWalk(length: number, seed: number): CandleSeries {
  const normal = createNormal(createRandom(seed));
  const column = () => new Float64Array(length);
  const series = {
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 101.2;
  let drift = 0;
  for (let index = 0; index < length; index++) {
    drift = drift * 0.97 + normal() * 0.0004;
    series.openTime[index] = start + index * hourMs;
    series.open[index] = price;
    const close = price * (1 + drift + normal() * 0.004);
    series.high[index] = Math.max(price, close) * (1 + Math.abs(normal()) * 0.0015);
    series.low[index] = Math.min(price, close) * (1 - Math.abs(normal()) * 0.0015);
    series.close[index] = close;
    series.volume[index] = 1_000 + Math.abs(normal()) * 400;
    price = close;
  }
  return { symbol: 'SYN-A', intervalMs: hourMs, length, ...series };
}

interface Played {
  readonly equity: EquityPoint[];
  readonly trades: Trade[];
  readonly orders: OrderRecord[];
  readonly decisions: ReportDecision[];
  readonly positions: readonly Position[];
  readonly fees: number;
}

function play(series: CandleSeries, idle: boolean): Played {
  const played = {
    equity: [] as EquityPoint[],
    trades: [] as Trade[],
    orders: [] as OrderRecord[],
    decisions: [] as ReportDecision[],
    fees: 0,
  };
  let cash = 10_000;
  let position: Position | null = null;
  let order: OrderRecord | null = null;
  let fast = series.open[0]!;
  let slow = fast;
  const fill = (waiting: OrderRecord, at: number, price: number) => {
    const signed = waiting.side === 'BUY' ? waiting.quantity : -waiting.quantity;
    const fee = price * waiting.quantity * feeShare;
    cash -= signed * price + fee;
    played.fees += fee;
    if (position === null) {
      position = {
        instrument: 'SYN-A',
        quantity: signed,
        entry: price,
        openedAt: at,
        stop: waiting.stop,
        fees: fee,
        openedBy: waiting.id,
      };
      return;
    }
    played.trades.push(closeTrade(position, waiting, at, price, fee));
    position = null;
  };
  for (let index = 0; index < series.length; index++) {
    if (order !== null) {
      fill(order, series.openTime[index]!, series.open[index]!);
      played.orders[played.orders.length - 1] = { ...order, status: 'filled' };
      order = null;
    }
    const close = series.close[index]!;
    fast += (close - fast) / 9;
    slow += (close - slow) / 33;
    const held: Position | null = position;
    const quantity = held === null ? 0 : (held as Position).quantity;
    const wanted = idle || index < 34 ? 0 : fast > slow * 1.004 ? 1 : fast < slow * 0.996 ? -1 : 0;
    const at = series.openTime[index]! + hourMs;
    const number = index + 1;
    const equity = cash + quantity * close;
    played.equity.push({ at, equity, cash });
    if (wanted !== Math.sign(quantity)) {
      const refused = quantity === 0 && index % 7 === 0;
      order = sampleOrder(
        number,
        at,
        quantity === 0 ? wanted : -Math.sign(quantity),
        Math.abs(quantity) || Math.floor(3_000 / close),
        quantity === 0 ? close * (1 - wanted * 0.03) : null,
        refused,
      );
      played.orders.push(order);
    }
    played.decisions.push(sampleDecision({ number, at, fast, slow, quantity, order }));
    if (order?.status === 'refused') order = null;
  }
  return { ...played, positions: position === null ? [] : [position] };
}

function closeTrade(position: Position, order: OrderRecord, at: number, exit: number, fee: number): Trade {
  const fees = position.fees + fee;
  const pnl = position.quantity * (exit - position.entry) - fees;
  const quantity = Math.abs(position.quantity);
  return {
    instrument: 'SYN-A',
    side: position.quantity > 0 ? 'LONG' : 'SHORT',
    quantity,
    openedAt: position.openedAt,
    closedAt: at,
    entry: position.entry,
    exit,
    pnl,
    fees,
    returnPct: (pnl / (quantity * position.entry)) * 100,
    openedBy: position.openedBy,
    closedBy: order.id,
  };
}

function sampleOrder(
  number: number,
  at: number,
  direction: number,
  quantity: number,
  stop: number | null,
  refused: boolean,
): OrderRecord {
  return {
    id: orderId(sampleRun, number),
    at,
    instrument: 'SYN-A',
    side: direction > 0 ? 'BUY' : 'SELL',
    type: 'market',
    quantity,
    limit: null,
    stop,
    status: refused ? 'refused' : 'approved',
    reason: refused
      ? `stop is ${(5 + (number % 9) / 10).toFixed(2)} % away, farther than stopDistancePct 5`
      : null,
    decision: decisionId(sampleRun, number),
  };
}
