import {
  type EquityPoint,
  type Fill,
  type OrderRecord,
  OrreryError,
  type RecordKind,
  type Trade,
} from '../../core/index.ts';
import type { Journal, JournalRecord, RecordFilter } from '../../journal/index.ts';
import {
  actionDirection,
  actionGlyph,
  byWhom,
  money,
  moneyChange,
  percentChange,
  price,
  quantity,
  share,
  stamp,
} from '../../wording/index.ts';
import { readTime } from '../read-options.ts';
import {
  equityDocument,
  fillDocument,
  orderDocument,
  recordDocument,
  tradeDocument,
} from '../record-documents.ts';
import { type Column, renderTable } from '../render-table.ts';
import type { SharedOptions, TerminalSession } from '../terminal-session.ts';

interface ListOptions extends SharedOptions {
  readonly run: string;
  readonly all?: boolean;
  readonly wide?: boolean;
  readonly kind?: string;
  readonly agent?: string;
  readonly action?: string;
  readonly from?: string;
  readonly to?: string;
}

/** How one list is read, printed for programs, and laid out for people. */
interface Listing<Row> {
  read(journal: Journal, options: ListOptions): AsyncIterable<Row>;
  document(row: Row): unknown;
  readonly columns: readonly Column<Row>[];
}

const decisions: Listing<JournalRecord> = {
  read: (journal, options) => chosen(journal.records(options.run, filterOf(options)), options),
  document: recordDocument,
  columns: [
    { header: 'id', align: 'left', drop: 0, cell: (row) => row.id },
    { header: 'at (UTC)', align: 'left', drop: 1, cell: (row) => stamp(row.at) },
    { header: 'instrument', align: 'left', drop: 4, cell: (row) => row.instrument },
    { header: 'agent', align: 'left', drop: 6, cell: (row) => row.agent },
    { header: 'kind', align: 'left', drop: 5, cell: (row) => row.kind },
    {
      header: 'action',
      align: 'left',
      drop: 0,
      cell: (row) => `${actionGlyph(row.action)} ${row.action}`,
      look: (row) => actionDirection(row.action),
    },
    { header: 'confidence', align: 'right', drop: 3, cell: (row) => share(row.confidence) },
    { header: 'by', align: 'left', drop: 2, cell: byWhom },
    { header: 'reasoning', align: 'left', drop: 7, cell: (row) => row.reasoning },
  ],
};

const orders: Listing<OrderRecord> = {
  read: (journal, { run }) => journal.orders(run),
  document: orderDocument,
  columns: [
    { header: 'id', align: 'left', drop: 4, cell: (row) => row.id },
    { header: 'at (UTC)', align: 'left', drop: 1, cell: (row) => stamp(row.at) },
    { header: 'instrument', align: 'left', drop: 0, cell: (row) => row.instrument },
    { header: 'side', align: 'left', drop: 0, cell: (row) => row.side },
    { header: 'quantity', align: 'right', drop: 0, cell: (row) => quantity(row.quantity) },
    { header: 'stop', align: 'right', drop: 3, cell: (row) => price(row.stop) },
    {
      header: 'status',
      align: 'left',
      drop: 0,
      cell: (row) => row.status,
      look: (row) => (row.status === 'refused' ? 'failed' : 'flat'),
    },
    { header: 'reason', align: 'left', drop: 2, cell: (row) => row.reason ?? '' },
  ],
};

const fills: Listing<Fill> = {
  read: (journal, { run }) => journal.fills(run),
  document: fillDocument,
  columns: [
    { header: 'order', align: 'left', drop: 2, cell: (row) => row.order },
    { header: 'at (UTC)', align: 'left', drop: 1, cell: (row) => stamp(row.at) },
    { header: 'instrument', align: 'left', drop: 0, cell: (row) => row.instrument },
    { header: 'side', align: 'left', drop: 0, cell: (row) => row.side },
    { header: 'quantity', align: 'right', drop: 0, cell: (row) => quantity(row.quantity) },
    { header: 'price', align: 'right', drop: 0, cell: (row) => price(row.price) },
    { header: 'fee', align: 'right', drop: 3, cell: (row) => money(row.fee) },
  ],
};

const trades: Listing<Trade> = {
  read: (journal, { run }) => journal.trades(run),
  document: tradeDocument,
  columns: [
    { header: 'instrument', align: 'left', drop: 0, cell: (row) => row.instrument },
    { header: 'side', align: 'left', drop: 0, cell: (row) => row.side },
    { header: 'quantity', align: 'right', drop: 3, cell: (row) => quantity(row.quantity) },
    { header: 'opened (UTC)', align: 'left', drop: 2, cell: (row) => stamp(row.openedAt) },
    { header: 'closed (UTC)', align: 'left', drop: 1, cell: (row) => stamp(row.closedAt) },
    { header: 'entry', align: 'right', drop: 4, cell: (row) => price(row.entry) },
    { header: 'exit', align: 'right', drop: 4, cell: (row) => price(row.exit) },
    { header: 'pnl', align: 'right', drop: 0, cell: (row) => moneyChange(row.pnl) },
    { header: 'return', align: 'right', drop: 2, cell: (row) => percentChange(row.returnPct) },
  ],
};

const equity: Listing<EquityPoint> = {
  read: (journal, { run }) => journal.equity(run),
  document: equityDocument,
  columns: [
    { header: 'at (UTC)', align: 'left', drop: 0, cell: (row) => stamp(row.at) },
    { header: 'equity', align: 'right', drop: 0, cell: (row) => money(row.equity) },
    { header: 'cash', align: 'right', drop: 0, cell: (row) => money(row.cash) },
  ],
};

const listings = { decisions, orders, fills, trades, equity };

export async function listOfRun(
  session: TerminalSession,
  what: keyof typeof listings,
  options: ListOptions,
): Promise<void> {
  const orrery = await session.orrery();
  await orrery.read(async ({ journal }) => {
    await journal.findRun(options.run);
    await show(session, journal, listings[what] as Listing<unknown>, what, options);
  });
}

async function show<Row>(
  session: TerminalSession,
  journal: Journal,
  listing: Listing<Row>,
  what: string,
  options: ListOptions,
): Promise<void> {
  const rows = listing.read(journal, options);
  if (session.json) return session.printJsonList(documents(rows, listing.document));
  const gathered: Row[] = [];
  for await (const row of rows) gathered.push(row);
  const { all = false, wide = false } = options;
  session.printTable(
    renderTable(gathered, listing.columns, session.terminal('stdout'), {
      all,
      wide,
      empty: `Run ${options.run} has no ${what}.`,
    }),
  );
}

async function* documents<Row>(
  rows: AsyncIterable<Row>,
  document: (row: Row) => unknown,
): AsyncGenerator<unknown> {
  for await (const row of rows) yield document(row);
}

const actions: readonly JournalRecord['action'][] = ['BUY', 'SELL', 'HOLD', 'CLOSE'];

/** Times are those of the decisions, `from` inclusive, `to` exclusive. */
function chosen(
  records: AsyncIterable<JournalRecord>,
  { action, from, to }: ListOptions,
): AsyncIterable<JournalRecord> {
  const known = actions.find((one) => one === action?.toUpperCase());
  if (action !== undefined && known === undefined) {
    throw new OrreryError('usage-invalid', `--action: "${action}" is no action`, {
      hint: `Actions: ${actions.join(', ')}.`,
    });
  }
  const begin = from === undefined ? Number.NEGATIVE_INFINITY : readTime('--from', from);
  const end = to === undefined ? Number.POSITIVE_INFINITY : readTime('--to', to);
  return matching(records, (row) => row.at >= begin && row.at < end && (known ?? row.action) === row.action);
}

async function* matching<Row>(rows: AsyncIterable<Row>, matches: (row: Row) => boolean): AsyncGenerator<Row> {
  for await (const row of rows) if (matches(row)) yield row;
}

const kinds: readonly RecordKind[] = ['signal', 'proposal', 'verdict', 'decision'];

function filterOf({ kind, agent }: ListOptions): RecordFilter {
  const known = kinds.find((one) => one === kind);
  if (kind !== undefined && known === undefined) {
    throw new OrreryError('usage-invalid', `--kind: "${kind}" is no kind of record`, {
      hint: `Kinds: ${kinds.join(', ')}.`,
    });
  }
  return { ...(known === undefined ? {} : { kind: known }), ...(agent === undefined ? {} : { agent }) };
}
