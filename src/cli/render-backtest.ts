import type { BacktestDocument, BacktestHead, Baseline, Honesty } from '../engine/index.ts';
import {
  againstHoldSentence,
  count,
  counted,
  drawdown,
  luckVerdict,
  money,
  monteCarloSentence,
  percentChange,
  period,
  randomSentences,
  ratio,
  trackRecordSentence,
  withInterval,
} from '../wording/index.ts';
import { type FigureRow, figureLines, labelWidth } from './figure-lines.ts';
import { oneLine, padEnd, padStart, paint, type Terminal, wrap } from './terminal.ts';

/** Nobody has held one above this for years on public prices. */
const absurdSharpe = 4;

/** A backtest for people; `--json` has everything. */
export function renderBacktest(document: BacktestDocument, terminal: Terminal): string {
  const width = Math.max(40, Math.min(terminal.columns, 100));
  const { honesty, monteCarlo } = document;
  const text = (sentence: string) => wrap(sentence, width - 2).map((line) => `  ${line}`);
  return [
    ...wrap(subject(document), width),
    '',
    ...document.notes.flatMap((note) => text(`Note: ${note}.`)),
    ...text(verdict(document)).map((line) => paint(terminal, 'bold', line)),
    '',
    ...figures(document, terminal),
    ...account(document),
    ...(honesty === undefined ? [] : ['', ...honestyInWords(honesty).flatMap(text)]),
    ...(monteCarlo === undefined ? [] : ['', ...text(monteCarloSentence(monteCarlo))]),
    '',
    `  ${padEnd('order hash', labelWidth - 2)}${document.orderHash.slice(0, 8)}…${document.orderHash.slice(-8)}`,
  ].join('\n');
}

function subject(document: BacktestDocument): string {
  return [document.strategy, ...settingsInWords(document), ...groundInWords(document)]
    .map(oneLine)
    .join(' · ');
}

/** Its parameters, if it has any. */
export function settingsInWords({ params }: BacktestDocument): readonly string[] {
  const settings = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return settings.length === 0 ? [] : [settings.join(', ')];
}

/** What it was tested on: instruments, range, costs. */
export function groundInWords(document: BacktestHead): readonly string[] {
  return [
    document.instruments.map(({ symbol, timeframe }) => `${symbol} ${timeframe}`).join(', '),
    counted(document.bars, 'bar'),
    period(Date.parse(document.from), Date.parse(document.to)),
    costsInWords(document.costs),
  ];
}

function verdict({ stats, honesty, refused }: BacktestDocument): string {
  const unpaid =
    refused === 0
      ? ''
      : ` ${counted(refused, 'order')} ${refused === 1 ? 'was' : 'were'} refused: the account could not pay for whole units (--fractional trades parts) or had too little left (--cash).`;
  const returned = `Returned ${percentChange(stats.returnPct)}.${unpaid}`;
  if (honesty === undefined) return `${returned} Filled and counted as backtesting.py does.`;
  const held = `Holding returned ${percentChange(honesty.baselines.buyAndHold.returnPct)}.`;
  return `${returned} ${held} ${luckInWords(honesty)}`;
}

/** What luck has to do with a test, and a warning where it is too good. */
export function luckInWords(
  { baselines, evidence }: Honesty,
  variants: 'counted' | 'told-apart' = 'counted',
): string {
  const { sentence } = luckVerdict(evidence, baselines.random, variants);
  const odd = (evidence.sharpe?.estimate ?? 0) > absurdSharpe;
  return odd ? `${sentence} Results like this are seldom real: run orrery check.` : sentence;
}

function figures({ stats, honesty }: BacktestDocument, terminal: Terminal): readonly string[] {
  const others =
    honesty === undefined ? [] : [honesty.baselines.buyAndHold, honesty.baselines.exposureMatched];
  const cells = (own: string, of: (baseline: Baseline) => string) => [own, ...others.map(of)];
  const rows: readonly FigureRow[] = [
    ['', ['this run', ...(honesty === undefined ? [] : ['hold', 'matched'])]],
    ['return', cells(percentChange(stats.returnPct), (one) => percentChange(one.returnPct))],
    ['max drawdown', cells(drawdown(stats.maxDrawdownPct), (one) => drawdown(one.maxDrawdownPct))],
    [
      'sharpe',
      cells(withInterval(stats.sharpe, honesty?.evidence.sharpe ?? null), (one) => ratio(one.sharpe)),
    ],
  ];
  return figureLines(rows, terminal);
}

function account(document: BacktestDocument): readonly string[] {
  const line = (label: string, value: string, rest: string) =>
    `  ${padEnd(label, labelWidth)}${padStart(value, 11)}${rest === '' ? '' : `  ${rest}`}`;
  const held = Object.values(document.openUnits).some((units) => units !== 0);
  const { equityFinal, cash, fees, funding, borrow, trades, refused } = document;
  return [
    line('equity', money(equityFinal), `from ${money(cash)}, fees ${money(fees)}`),
    ...(funding === 0 && borrow === 0
      ? []
      : [
          line('holding cost', money(funding + borrow), `funding ${money(funding)}, borrow ${money(borrow)}`),
        ]),
    line('trades', count(trades), held ? 'closed, a position is still open' : 'closed'),
    ...(refused === 0
      ? []
      : [line('refused', count(refused), 'orders the account could not pay for (see --cash, --fractional)')]),
  ];
}

function honestyInWords({ baselines, stress, evidence }: Honesty): readonly string[] {
  const { doubleCostsPct, fiveFoldCostsPct, delayedBarPct } = stress;
  return [
    againstHoldSentence(evidence),
    ...randomSentences(baselines.random),
    `With costs doubled ${percentChange(doubleCostsPct)}, five-fold ${percentChange(fiveFoldCostsPct)}; ` +
      `each order a bar later ${percentChange(delayedBarPct)}.`,
    trackRecordSentence(evidence),
  ];
}

/** What trading costs in a test. */
function costsInWords({ commission, spread, slippage }: BacktestDocument['costs']): string {
  if (commission === 0 && spread === 0 && slippage === 0) return 'WITHOUT COSTS';
  const basisPoints = (fraction: number) => Number((fraction * 10_000).toPrecision(6));
  const slipped = slippage === 0 ? '' : `, slippage ${basisPoints(slippage)} bp`;
  return `commission ${basisPoints(commission)} bp a side, spread ${basisPoints(spread)} bp${slipped}`;
}
