import type { Position, Trade } from '../src/core/index.ts';
import type { AccountView, Limits, Order, Review } from '../src/trading/index.ts';

export const capital = 10_000;

/** Those of the shipped desk. */
export const limits: Limits = {
  riskPerTradePct: 2,
  portfolioRiskPct: 10,
  positionPct: 50,
  stopDistancePct: 5,
  drawdownPct: 20,
  lossStreak: 5,
  leverage: 1,
};

/** Buys one unit of A with a stop at 99, but for what `fields` says. */
export const orderOf = (fields: Partial<Order> = {}): Order => ({
  id: 'r.1.order',
  at: 0,
  decision: 'r.1',
  instrument: 'A',
  side: 'BUY',
  quantity: 1,
  stop: 99,
  ...fields,
});

export const held = (instrument: string, quantity: number, stop: number | null): Position => ({
  instrument,
  quantity,
  stop,
  entry: 100,
  openedAt: 0,
  fees: 0,
  openedBy: 'o',
});

/** Nothing is held, and everything stands at 100, but for what `fields` says. */
export const accountOf = (fields: Partial<AccountView> = {}): AccountView => ({
  equity: capital,
  positions: [],
  waiting: [],
  markOf: () => 100,
  ...fields,
});

/** A closed trade of one unit bought at 100. */
export const tradeOf = (pnl: number): Trade => ({
  instrument: 'A',
  side: 'LONG',
  quantity: 1,
  openedAt: 0,
  closedAt: 1,
  entry: 100,
  exit: 100 + pnl,
  pnl,
  fees: 0,
  returnPct: pnl,
  openedBy: 'o',
  closedBy: 'c',
});

/** `9 whole`, `5 cut: …`, `refused: …` */
export function told(answer: Review): string {
  if (answer.kind === 'refused') return `refused: ${answer.reason}`;
  const { quantity } = answer.order;
  return answer.reason === null ? `${quantity} whole` : `${quantity} cut: ${answer.reason}`;
}
