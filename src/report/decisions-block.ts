import { exitKind } from '../core/index.ts';
import {
  actionDirection,
  actionGlyph,
  count,
  counted,
  exitWord,
  moneyChange,
  quantity,
  share,
  stamp,
} from '../wording/index.ts';
import { decisionDetails } from './decision-details.ts';
import { clip, type Html, html } from './html.ts';
import { type NumberedTrade, numberTrades } from './numbered-trades.ts';
import type { ReportData, ReportDecision } from './report-data.ts';
import { section } from './section.ts';
import { withinBudget } from './within-budget.ts';

const bytes = 190_000;
/** Shown whatever they decided: why it holds is asked as often as why it trades. */
const newestShown = 25;

export interface DecisionsBlock {
  readonly markup: Html;
  /** Number of the decision behind an order, by order id, of those on the page. */
  readonly numberByOrder: ReadonlyMap<string, number>;
}

export function decisionsBlock(data: ReportData): DecisionsBlock {
  const followed = followedBy(data);
  const kept = withinBudget(byImportance(data.decisions), bytes, (item) => row(item, followed));
  const rows = [...kept].sort((a, b) => b.item.decision.number - a.item.decision.number);
  const body =
    rows.length === 0
      ? html`<p class="empty">No decision yet.</p>`
      : html`<div class="ds"><div class="dh" aria-hidden="true"><span>bar close, UTC</span><span>action</span><span>sure</span><span>by</span><span>reasoning</span><span>then</span></div>${rows.map((kept) => kept.markup)}</div>${cutNote(data, rows.length)}`;
  const markup = section('decisions', 'Decisions', howToRead, body);
  const numberByOrder = new Map<string, number>();
  for (const { decision } of kept.map(({ item }) => item)) {
    if (decision.order !== null) numberByOrder.set(decision.order.id, decision.number);
  }
  return { markup, numberByOrder };
}

const howToRead =
  'One line per bar, newest first. Open a line to see who spoke for and against it, which stored numbers they cite, and what was missing. “Sure” is the confidence the chief states, 0 to 1.';

function cutNote(data: ReportData, shown: number): Html | null {
  if (shown >= data.decisionCount) return null;
  return html`<p class="note">Shown: ${count(shown)} of ${counted(data.decisionCount, 'decision')}, the newest and those that traded first. All of them: <code>orrery decisions list --run ${runName(data)}</code></p>`;
}

export function runName(data: ReportData): string {
  const id = data.document?.run ?? data.decisions[0]?.decision.id.split('.')[0] ?? 'RUN';
  return clip(id, 80);
}

function* byImportance(decisions: readonly ReportDecision[]): Generator<ReportDecision> {
  const newest = [...decisions].sort((a, b) => b.decision.number - a.decision.number);
  yield* newest.slice(0, newestShown);
  const rest = newest.slice(newestShown);
  yield* rest.filter(stoodOut);
  yield* rest.filter((item) => !stoodOut(item));
}

function stoodOut({ decision }: ReportDecision): boolean {
  return decision.action !== 'HOLD' || decision.order !== null || decision.fellBack;
}

/** What came of an order: its trade opened or closed, or that it was refused, filled or waits. */
type Followed = ReadonlyMap<string, Html>;

function followedBy(data: ReportData): Followed {
  const followed = new Map<string, Html>();
  for (const order of data.orders) {
    const word = order.status === 'approved' ? 'waits for the open' : order.status;
    followed.set(
      order.id,
      order.status === 'refused'
        ? html`<span class="chip">refused</span> ${clip(order.reason ?? '', 160)}`
        : html`${word}`,
    );
  }
  // A reversal closes one trade and opens another by the same order.
  const traded = new Map<string, Html>();
  const add = (order: string, what: Html) => {
    const before = traded.get(order);
    traded.set(order, before === undefined ? what : html`${before}; ${what}`);
  };
  for (const numbered of numberTrades(data.trades)) {
    const { openedBy, closedBy } = numbered.trade;
    const by = exitKind(closedBy);
    add(openedBy, tradeLink(by === 'decision' ? 'opened' : exitWord(by), numbered));
    add(closedBy, tradeLink('closed', numbered));
  }
  for (const position of data.positions) add(position.openedBy, html`still open`);
  return new Map([...followed, ...traded]);
}

function tradeLink(verb: string, { number, trade }: NumberedTrade): Html {
  return html`${verb} <a href="#t${number}">trade ${number}</a>, ${moneyChange(trade.pnl)}`;
}

function row(item: ReportDecision, followed: Followed): Html {
  const { decision } = item;
  const size = decision.action === 'HOLD' || decision.size === null ? '' : ` ${quantity(decision.size)}`;
  const then =
    decision.order === null ? null : (followed.get(decision.order.id) ?? html`${decision.order.status}`);
  return html`<details class="d" id="r${decision.number}"><summary><time>${stamp(decision.at)}</time><span class="act ${actionDirection(decision.action)}">${actionGlyph(decision.action)} ${decision.action}<i>${size} ${clip(decision.instrument, 40)}</i></span><span class="num">${share(decision.confidence)}</span><span class="by">${by(item)}</span><span class="why">${clip(decision.reasoning, 1_200)}</span><span class="then">${then ?? '–'}</span></summary><div class="more" id="d${decision.number}">${decisionDetails(item)}</div></details>`;
}

function by({ decision }: ReportDecision): Html {
  return decision.fellBack
    ? html`${decision.source} <span class="failed">✕ fell back</span>`
    : html`${decision.source}${decision.rung === null || decision.rung === decision.source ? null : html` <i>${decision.rung}</i>`}`;
}
