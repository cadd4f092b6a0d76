import type { WalkForwardDocument, WalkForwardWindowResult } from '../engine/index.ts';
import { count, counted, drawdown, percentChange, plainNumber, ratio } from '../wording/index.ts';
import { subjectLines, widthOf } from './render-sweep.ts';
import { type Column, renderTable } from './render-table.ts';
import { forTerminal, type Terminal, wrap } from './terminal.ts';

/** Walk-forward windows for people, and what they came to one after the other. */
export function renderWalkForward(document: WalkForwardDocument, terminal: Terminal): string {
  const { windows, outOfSample, axes, combinations } = document;
  const names = axes.map(({ name }) => name);
  const table = renderTable(windows, columnsFor(names), terminal, { all: true, wide: false, empty: '' });
  return [
    ...subjectLines(document, terminal),
    '',
    ...wrap(
      `${counted(windows.length, 'window')}; in each the best of ${counted(combinations, 'combination')} by Sharpe, tested on the days after:`,
      widthOf(terminal),
    ),
    '',
    table.out.trimEnd(),
    '',
    ...wrap(
      `out of sample, ${counted(outOfSample.days, 'day')} in a row: return ${percentChange(outOfSample.returnPct)}, ` +
        `sharpe ${ratio(outOfSample.sharpe)}, max drawdown ${drawdown(outOfSample.maxDrawdownPct)}, ` +
        counted(outOfSample.trades, 'trade'),
      widthOf(terminal),
    ),
  ]
    .map((line) => forTerminal(terminal, line))
    .join('\n');
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
