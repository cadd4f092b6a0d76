import type { DecisionOrder, EpochMs, Outcome } from '../core/index.ts';
import { exitKind } from '../core/index.ts';
import type { Session } from '../storage/index.ts';
import { checkRow } from './altered-rows.ts';
import type { RunKey } from './run-store.ts';
import { storedId } from './stored-id.ts';
import { fillName, tradeName } from './trading-store.ts';

interface FillRow {
  readonly order_id: string;
  readonly at: EpochMs;
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
}

interface TradeRow {
  readonly opened_by: string;
  readonly closed_by: string;
  readonly closed_at: EpochMs;
  readonly quantity: number;
  readonly entry: number;
  readonly exit: number;
  readonly pnl: number;
  readonly return_pct: number;
}

interface RefusalRow {
  readonly order_id: string;
  readonly reason: string;
}

const nothingYet = {
  filledAt: null,
  price: null,
  fee: null,
  closedAt: null,
  exit: null,
  exitBy: null,
  pnl: null,
  returnPct: null,
  reason: null,
};

/** What followed from orders, by their id. Three queries at most, none where nothing was ordered. */
export async function readOutcomes(
  session: Session,
  run: RunKey,
  orders: readonly DecisionOrder[],
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const approved: string[] = [];
  for (const { id, status } of orders) {
    if (status === 'refused') outcomes.set(id, { status, ...nothingYet });
    else approved.push(id);
  }
  if (approved.length === 0) return outcomes;
  const stored = approved.map((id) => storedId(run.name, id));
  const fills = await session.query<FillRow>(
    'select order_id, at, quantity, price, fee from orrery_fill where run = $1 and order_id = any ($2::text[]) order by sequence',
    [run.key, stored],
  );
  const trades = await session.query<TradeRow>(
    `select opened_by, closed_by, closed_at, quantity, entry, exit, pnl, return_pct from orrery_trade
     where run = $1 and (opened_by = any ($2::text[]) or closed_by = any ($2::text[])) order by sequence`,
    [run.key, stored],
  );
  const refusals = await session.query<RefusalRow>(
    'select order_id, reason from orrery_order_refusal where run = $1 and order_id = any ($2::text[])',
    [run.key, stored],
  );
  for (const fill of fills) checkRow(fill, {}, () => fillName(run, fill));
  for (const trade of trades) checkRow(trade, {}, () => tradeName(run, trade));
  for (const [index, id] of approved.entries()) {
    const short = stored[index];
    const reason = refusals.find((refusal) => refusal.order_id === short)?.reason ?? null;
    const outcome = outcomeOf(
      fills.filter((fill) => fill.order_id === short),
      trades.filter((trade) => trade.opened_by === short),
      trades.filter((trade) => trade.closed_by === short),
    );
    const isRefused = outcome.status === 'pending' && reason !== null;
    outcomes.set(id, { ...outcome, status: isRefused ? 'refused' : outcome.status, reason });
  }
  return outcomes;
}

/**
 * An order may close one trade and open another (a reversal): its outcome is then that of the one it opened, which
 * takes up what is left of the fill.
 */
function outcomeOf(
  fills: readonly FillRow[],
  opened: readonly TradeRow[],
  closed: readonly TradeRow[],
): Outcome {
  const [first] = fills;
  if (first === undefined) return { status: 'pending', ...nothingYet };
  const filled = total(fills, 'quantity');
  const opening = filled - total(closed, 'quantity');
  // Quantities are sums of floats; a billionth of the fill is nothing that was ordered.
  const isExit = opening <= filled * 1e-9;
  const trades = isExit ? closed : opened;
  const isClosed = isExit || total(opened, 'quantity') >= opening * (1 - 1e-9);
  const entry = { filledAt: first.at, price: first.price, fee: total(fills, 'fee') };
  const last = trades.at(-1);
  if (!isClosed || last === undefined) return { ...nothingYet, status: 'open', ...entry };
  const pnl = total(trades, 'pnl');
  const cost = trades.reduce((sum, trade) => sum + trade.entry * trade.quantity, 0);
  const returnPct = trades.length === 1 ? last.return_pct : (100 * pnl) / cost;
  const exit = { closedAt: last.closed_at, exit: last.exit, exitBy: exitKind(last.closed_by) };
  return { ...nothingYet, status: 'closed', ...entry, ...exit, pnl, returnPct };
}

function total<Key extends string>(rows: readonly { readonly [key in Key]: number }[], key: Key): number {
  return rows.reduce((sum, row) => sum + row[key], 0);
}
