import type { BacktestDocument, Honesty } from '../engine/index.ts';
import {
  absent,
  comparisonSentence,
  count,
  drawdown,
  luckVerdict,
  luckWord,
  percentChange,
  pValueInWords,
  ratio,
  share,
} from '../wording/index.ts';
import { type FigureRow, figureLines, figureWidths, labelWidth } from './figure-lines.ts';
import { groundInWords, luckInWords, settingsInWords } from './render-backtest.ts';
import { cut, displayWidth, forTerminal, oneLine, paint, type Terminal, wrap } from './terminal.ts';

const longestName = 22;

/** A backtest and what it is called beside the others. */
interface Compared {
  readonly name: string;
  readonly document: BacktestDocument;
}

/**
 * Several strategies for people: first in words which result is luck, then the few figures that decide, side by side.
 * @param names what each is called here, no two the same
 */
export function renderComparison(
  documents: readonly BacktestDocument[],
  names: readonly string[],
  terminal: Terminal,
): string {
  const width = Math.max(40, Math.min(terminal.columns, 100));
  const text = (sentence: string, indent = 2) =>
    wrap(sentence, width - indent).map((line) => ' '.repeat(indent) + line);
  const all = documents.map((document, at) => ({ name: oneLine(names[at]!), document }));
  const refused = documents.some((one) => one.refused > 0);
  const variants = sharedVariants(documents);
  return [
    ...wrap(groundInWords(documents[0]!).map(oneLine).join(' · '), width),
    '',
    ...documents[0]!.notes.flatMap((note) => text(`Note: ${note}.`)),
    ...text(headline(all)).map((line) => paint(terminal, 'bold', line)),
    ...(variants === null
      ? []
      : text(`Every deflated Sharpe counts the ${count(variants)} variants tried on these candles.`)),
    '',
    ...all.flatMap(({ name, document }) => [
      ...text([name, ...settingsInWords(document)].join(' · ')),
      ...(document.honesty === undefined
        ? []
        : text(luckInWords(document.honesty, variants === null ? 'counted' : 'told-apart'), 4)),
    ]),
    ...tables(all, Math.max(40, terminal.columns)).flatMap((rows) => [
      '',
      ...figureLines(rows, terminal).map((line) => line.trimEnd()),
    ]),
    ...(refused
      ? ['', ...text('Refused: orders the account could not pay for (see --cash, --fractional).')]
      : []),
  ]
    .map((line) => forTerminal(terminal, line))
    .join('\n');
}

/** How many variants each of the verdicts is held against, if it is the same number; else null. */
function sharedVariants(documents: readonly BacktestDocument[]): number | null {
  const counted = documents.flatMap(({ honesty }) =>
    honesty === undefined || luckVerdict(honesty.evidence, honesty.baselines.random).kind === 'insufficient'
      ? []
      : [honesty.evidence.trials],
  );
  const [first = 1] = counted;
  return first > 1 && counted.every((trials) => trials === first) ? first : null;
}

function headline(all: readonly Compared[]): string {
  const kinds = all.flatMap(({ document: { honesty } }) =>
    honesty === undefined ? [] : [luckVerdict(honesty.evidence, honesty.baselines.random).kind],
  );
  return kinds.length === 0
    ? 'Filled and counted as backtesting.py does.'
    : comparisonSentence(
        all.map(({ name }) => name),
        kinds,
      );
}

/** As few tables as the width allows, evenly filled; each ends with what holding came to. */
function tables(all: readonly Compared[], width: number): readonly (readonly FigureRow[])[] {
  for (let blocks = 1; ; blocks++) {
    const size = Math.ceil(all.length / blocks);
    const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, block) =>
      figureRows(all.slice(block * size, (block + 1) * size)),
    );
    if (size === 1 || parts.every((rows) => tableWidth(rows) <= width)) return parts;
  }
}

function tableWidth(rows: readonly FigureRow[]): number {
  return figureWidths(rows).reduce((sum, column) => sum + column, 2 + labelWidth);
}

/** Rows of which no strategy has a figure are left out. */
function figureRows(part: readonly Compared[]): readonly FigureRow[] {
  const hold = part[0]!.document.honesty?.baselines.buyAndHold;
  const row = (label: string, own: (document: BacktestDocument) => string, held = ''): FigureRow => [
    label,
    [...part.map(({ document }) => own(document)), ...(hold === undefined ? [] : [held])],
  ];
  const judged = (label: string, own: (honesty: Honesty, document: BacktestDocument) => string) =>
    row(label, (document) => (document.honesty === undefined ? '' : own(document.honesty, document)));
  const rows = [
    judged('verdict', ({ evidence, baselines }) => luckWord(luckVerdict(evidence, baselines.random).kind)),
    row('return', ({ stats }) => percentChange(stats.returnPct), percentChange(hold?.returnPct ?? null)),
    row('trades', ({ trades }) => count(trades)),
    row('refused', ({ refused }) => (refused === 0 ? '' : count(refused))),
    row('sharpe', ({ stats }) => ratio(stats.sharpe), ratio(hold?.sharpe ?? null)),
    judged('', ({ evidence }) => range(evidence.sharpe)),
    row(
      'max drawdown',
      ({ stats }) => drawdown(stats.maxDrawdownPct),
      drawdown(hold?.maxDrawdownPct ?? null),
    ),
    judged('sharpe − hold', ({ evidence }) => change(evidence.againstHold.sharpe?.estimate ?? null)),
    judged('', ({ evidence }) => range(evidence.againstHold.sharpe)),
    judged('random entries', ({ baselines: { random } }) =>
      random === null ? absent : pValueInWords(random),
    ),
    judged('deflated sharpe', ({ evidence }) => share(evidence.deflatedSharpe)),
    judged('costs doubled', ({ stress }) => percentChange(stress.doubleCostsPct)),
    judged('days needed', ({ evidence }) => daysNeeded(evidence.minimumTrackRecordDays)),
    judged('days tested', (_, { stats }) => ('days' in stats ? count(stats.days) : '')),
  ];
  const header: FigureRow = [
    '',
    [...part.map(({ name }) => shortened(name)), ...(hold === undefined ? [] : ['hold'])],
  ];
  return [header, ...rows.filter(([, cells]) => cells.some((cell) => cell !== '' && cell !== absent))];
}

/** `[−2.00, 3.60]` */
function range(interval: { readonly low: number; readonly high: number } | null): string {
  return interval === null ? '' : `[${ratio(interval.low)}, ${ratio(interval.high)}]`;
}

function change(value: number | null): string {
  const text = ratio(value);
  return value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

function daysNeeded(days: number | null): string {
  return days === null ? 'never' : count(days);
}

/** What tells paths apart stands at their end. */
function shortened(name: string): string {
  if (displayWidth(name) <= longestName || !name.includes('/')) return cut(name, longestName);
  return `…${name.slice(-(longestName - 1))}`;
}
