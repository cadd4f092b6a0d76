import type { WalkForwardDocument, WalkForwardWindowResult } from '../engine/index.ts';
import {
  count,
  counted,
  drawdown,
  holdSentence,
  percentChange,
  plainNumber,
  ratio,
  returnSentence,
  withInterval,
} from '../wording/index.ts';
import { type FigureRow, figureLines } from './figure-lines.ts';
import { subjectLines, widthOf } from './render-sweep.ts';
import { type Column, renderTable } from './render-table.ts';
import { forTerminal, paint, type Terminal, wrap } from './terminal.ts';

/** Walk-forward windows for people, what they came to one after the other, and what that is worth. */
export function renderWalkForward(document: WalkForwardDocument, terminal: Terminal): string {
  const { windows, outOfSample, axes, combinations, words } = document;
  const names = axes.map(({ name }) => name);
  const table = renderTable(windows, columnsFor(names), terminal, { all: true, wide: false, empty: '' });
  const text = (sentence: string) => wrap(sentence, widthOf(terminal));
  const said = [words.againstHold, words.trackRecord, words.idle, words.untested].filter(
    (one) => one !== null,
  );
  return [
    ...subjectLines(document, terminal),
    '',
    ...text(verdict(document)).map((line) => paint(terminal, 'bold', line)),
    '',
    ...text(
      `${counted(windows.length, 'window')}; in each the best of ${counted(combinations, 'combination')} by Sharpe, tested on the days after:`,
    ),
    '',
    table.out.trimEnd(),
    '',
    ...text(`out of sample, ${counted(outOfSample.days, 'day')} in a row:`),
    '',
    ...figures(document, terminal),
    ...(said.length === 0 ? [] : ['', ...said.flatMap(text)]),
  ]
    .map((line) => forTerminal(terminal, line))
    .join('\n');
}

function verdict({ outOfSample, baselines, words }: WalkForwardDocument): string {
  const luck = words.verdict ?? 'Filled as backtesting.py does, and not tested against luck.';
  return `${returnSentence(outOfSample.returnPct, false)} ${holdSentence(baselines.buyAndHold.returnPct)} ${luck}`;
}

function figures(
  { outOfSample, baselines, evidence }: WalkForwardDocument,
  terminal: Terminal,
): readonly string[] {
  const { buyAndHold: hold } = baselines;
  const sharpe = withInterval(outOfSample.sharpe, evidence?.sharpe ?? null);
  const rows: readonly FigureRow[] = [
    ['', ['chosen', 'hold']],
    ['return', [percentChange(outOfSample.returnPct), percentChange(hold.returnPct)]],
    ['max drawdown', [drawdown(outOfSample.maxDrawdownPct), drawdown(hold.maxDrawdownPct)]],
    ['sharpe', [sharpe, ratio(hold.sharpe)]],
    ['trades', [count(outOfSample.trades), '']],
  ];
  return figureLines(rows, terminal).map((line) => line.trimEnd());
}

function columnsFor(names: readonly string[]): readonly Column<WalkForwardWindowResult>[] {
  const column = (
    header: string,
    drop: number,
    cell: (window: WalkForwardWindowResult) => string,
  ): Column<WalkForwardWindowResult> => ({ header, align: 'right', drop, cell });
  return [
    column('test from', 0, ({ test }) => test.from.slice(0, 10)),
    column('to', 4, ({ test }) => test.to.slice(0, 10)),
    ...names.map((name) => column(name, 0, ({ params }) => plainNumber(params[name] ?? null))),
    column('sharpe in', 2, ({ inSampleSharpe }) => ratio(inSampleSharpe)),
    column('out', 1, ({ outOfSampleSharpe }) => ratio(outOfSampleSharpe)),
    column('return', 1, ({ returnPct }) => percentChange(returnPct)),
    column('trades', 3, ({ trades }) => count(trades)),
  ];
}
