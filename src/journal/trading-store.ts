import type { EquityPoint, Fill, OrderRecord, Trade } from '../core/index.ts';
import type { Database, Session } from '../storage/index.ts';
import { type ColumnWords, checkRow } from './altered-rows.ts';
import { insertRows, type WrittenTable } from './insert-rows.ts';
import type { JournalStep } from './journal.ts';
import type { RunKey } from './run-store.ts';
import { storableText } from './storable-text.ts';
import { fullId, storedId } from './stored-id.ts';

export const orderTable: WrittenTable = {
  table: 'orrery_order',
  columns: `at float8, quantity float8, limit_price float8, stop float8, id text, instrument text, side text,
    type text, status text, reason text, decision text`,
};
export const fillTable: WrittenTable = {
  table: 'orrery_fill',
  columns: 'at float8, quantity float8, price float8, fee float8, order_id text, instrument text, side text',
};
export const tradeTable: WrittenTable = {
  table: 'orrery_trade',
  columns: `opened_at float8, closed_at float8, quantity float8, entry float8, exit float8, pnl float8, fees float8,
    return_pct float8, instrument text, side text, opened_by text, closed_by text`,
};
export const refusalTable: WrittenTable = {
  table: 'orrery_order_refusal',
  columns: 'at float8, order_id text, reason text',
};
export const equityTable: WrittenTable = {
  table: 'orrery_equity',
  columns: 'at float8, equity float8, cash float8',
};

type Ordering = { readonly sequence: number };
type OrderRow = Ordering & Omit<OrderRecord, 'limit'> & { readonly limit_price: number | null };
type FillRow = Ordering & Omit<Fill, 'order'> & { readonly order_id: string };
type TradeRow = Ordering &
  Pick<Trade, 'instrument' | 'side' | 'quantity' | 'entry' | 'exit' | 'pnl' | 'fees'> & {
    readonly opened_at: number;
    readonly closed_at: number;
    readonly return_pct: number;
    readonly opened_by: string;
    readonly closed_by: string;
  };

const sides = { BUY: true, SELL: true } as const;
export const orderWords: ColumnWords<OrderRow> = {
  side: sides,
  type: { market: true, stop: true },
  status: { approved: true, refused: true, filled: true },
};
export const fillWords: ColumnWords<FillRow> = { side: sides };
export const tradeWords: ColumnWords<TradeRow> = { side: { LONG: true, SHORT: true } };

/** How an error calls a fill, and below a trade: neither has an id of its own. */
export function fillName(run: RunKey, { order_id }: Pick<FillRow, 'order_id'>): string {
  return `the fill of order ${fullId(run.name, order_id)}`;
}

export function tradeName(run: RunKey, { opened_by }: Pick<TradeRow, 'opened_by'>): string {
  return `the trade of order ${fullId(run.name, opened_by)}`;
}

/** Writes what the broker and the portfolio did. */
export async function insertTrading(
  session: Session,
  run: RunKey,
  steps: readonly JournalStep[],
): Promise<void> {
  const short = (id: string) => storedId(run.name, id);
  const orders = steps
    .flatMap((step) => step.orders)
    .map(({ limit, ...order }) => ({
      ...order,
      limit_price: limit,
      id: short(order.id),
      decision: short(order.decision),
      reason: order.reason === null ? null : storableText(order.reason),
    }));
  const fills = steps
    .flatMap((step) => step.fills)
    .map(({ order, ...fill }) => ({ ...fill, order_id: short(order) }));
  const trades = steps
    .flatMap((step) => step.trades)
    .map(({ openedAt, closedAt, returnPct, openedBy, closedBy, ...trade }) => ({
      ...trade,
      opened_at: openedAt,
      closed_at: closedAt,
      return_pct: returnPct,
      opened_by: short(openedBy),
      closed_by: short(closedBy),
    }));
  const refusals = steps
    .flatMap((step) => step.refusals)
    .map(({ order, at, reason }) => ({ order_id: short(order), at, reason }));
  const equity = steps.flatMap((step) => step.equity ?? []);
  await insertRows(session, orderTable, run.key, orders);
  await insertRows(session, fillTable, run.key, fills);
  await insertRows(session, tradeTable, run.key, trades);
  await insertRows(session, refusalTable, run.key, refusals);
  await insertRows(session, equityTable, run.key, equity);
}

/** In a query of orders: why the broker could not fill one. */
const refusal = `(
    select x.reason from orrery_order_refusal x where x.run = orrery_order.run and x.order_id = orrery_order.id
  )`;

export async function* readOrders(database: Database, run: RunKey): AsyncGenerator<OrderRecord> {
  const status = `case when exists (
      select from orrery_fill where orrery_fill.run = orrery_order.run and order_id = orrery_order.id
    ) then 'filled' when ${refusal} is not null then 'refused' else status end as status`;
  const reason = `coalesce(${refusal}, reason) as reason`;
  const columns = `sequence, at, quantity, limit_price, stop, id, instrument, side, type, ${status}, ${reason}, decision`;
  for await (const row of readPages<OrderRow>(database, run, { table: 'orrery_order', columns })) {
    checkRow(row, orderWords, () => `order ${fullId(run.name, row.id)}`);
    yield {
      id: fullId(run.name, row.id),
      at: row.at,
      instrument: row.instrument,
      side: row.side,
      type: row.type,
      quantity: row.quantity,
      limit: row.limit_price,
      stop: row.stop,
      status: row.status,
      reason: row.reason,
      decision: fullId(run.name, row.decision),
    };
  }
}

export async function* readFills(database: Database, run: RunKey): AsyncGenerator<Fill> {
  for await (const row of readPages<FillRow>(database, run, { table: 'orrery_fill', columns: '*' })) {
    checkRow(row, fillWords, () => fillName(run, row));
    const { instrument, side, quantity, price, fee } = row;
    yield { order: fullId(run.name, row.order_id), at: row.at, instrument, side, quantity, price, fee };
  }
}

export async function* readTrades(database: Database, run: RunKey): AsyncGenerator<Trade> {
  for await (const row of readPages<TradeRow>(database, run, { table: 'orrery_trade', columns: '*' })) {
    checkRow(row, tradeWords, () => tradeName(run, row));
    yield {
      instrument: row.instrument,
      side: row.side,
      quantity: row.quantity,
      openedAt: row.opened_at,
      closedAt: row.closed_at,
      entry: row.entry,
      exit: row.exit,
      pnl: row.pnl,
      fees: row.fees,
      returnPct: row.return_pct,
      openedBy: fullId(run.name, row.opened_by),
      closedBy: fullId(run.name, row.closed_by),
    };
  }
}

export async function* readEquity(database: Database, run: RunKey): AsyncGenerator<EquityPoint> {
  const columns = 'at as sequence, at, equity, cash';
  const page = { table: 'orrery_equity', columns, ordering: 'at' };
  for await (const row of readPages<Ordering & EquityPoint>(database, run, page)) {
    checkRow(row, {}, () => `the equity of run ${run.name}`);
    yield { at: row.at, equity: row.equity, cash: row.cash };
  }
}

const rowsPerPage = 2_000;

async function* readPages<Row extends Ordering>(
  database: Database,
  run: RunKey,
  {
    table,
    columns,
    ordering = 'sequence',
  }: { readonly table: string; readonly columns: string; readonly ordering?: string },
): AsyncGenerator<Row> {
  let last = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const rows = await database.query<Row>(
      `select ${columns} from ${table} where run = $1 and ${ordering} > $2::float8 order by ${ordering} limit ${rowsPerPage}`,
      [run.key, last],
    );
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < rowsPerPage) return;
    last = end.sequence;
  }
}
