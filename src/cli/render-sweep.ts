import { ranked, type SweepDocument, type SweepHead, type SweepRow } from '../engine/index.ts';
import {
  count,
  counted,
  drawdown,
  money,
  percentChange,
  period,
  plainNumber,
  ratio,
} from '../wording/index.ts';
import { costsInWords } from './render-backtest.ts';
import { renderHeatMap } from './render-heat-map.ts';
import { type Column, renderTable } from './render-table.ts';
import { cut, forTerminal, oneLine, type Terminal, wrap } from './terminal.ts';

const shown = 10;

/** A sweep for people: the best by Sharpe, what that is worth, and a map where two parameters were swept. */
export function renderSweep(document: SweepDocument, terminal: Terminal): string {
  const { results, axes, combinations, workers, failed, words } = document;
  const best = bestRows(results);
  const [rows, columns] = axes;
  const map =
    axes.length === 2 && rows !== undefined && columns !== undefined && best.length > 0
      ? ['', renderHeatMap({ rows, columns, results, best: document.best }, terminal)]
      : [];
  const table = renderTable(best, columnsFor(axes.map(({ name }) => name)), terminal, {
    all: true,
    wide: false,
    empty: '',
  });
  return [
    ...subjectLines(document, terminal),
    '',
    `${counted(combinations, 'combination')} on ${counted(workers, 'worker')}${best.length === 0 ? '; none has a Sharpe' : '; the best by Sharpe:'}`,
    ...(failed === 0
      ? []
      : wrap(`${count(failed)} failed, the first: ${firstError(results)}`, widthOf(terminal))),
    ...(best.length === 0 ? [] : ['', table.out.trimEnd()]),
    ...map,
    '',
    ...wrap(words.deflatedSharpe, widthOf(terminal)),
    ...wrap(words.probabilityOfOverfitting, widthOf(terminal)),
  ]
    .map((line) => forTerminal(terminal, line))
    .join('\n');
}

/** What was swept: strategy, instruments, range, costs. */
export function subjectLines(document: SweepHead, terminal: Terminal): readonly string[] {
  const subject = [
    document.strategy,
    document.axes
      .map(({ name, values }) => `${name} ${plainNumber(values[0]!)} … ${plainNumber(values.at(-1)!)}`)
      .join(', '),
    document.instruments.map(({ symbol, timeframe }) => `${symbol} ${timeframe}`).join(', '),
    counted(document.bars, 'bar'),
    period(Date.parse(document.from), Date.parse(document.to)),
    costsInWords(document.costs),
  ];
  return wrap(subject.map(oneLine).join(' · '), widthOf(terminal));
}

export function widthOf({ columns }: Terminal): number {
  return Math.max(40, Math.min(columns, 100));
}

function bestRows(results: readonly SweepRow[]): readonly SweepRow[] {
  return ranked(results.map((row) => ({ row })))
    .map(({ row }) => row)
    .filter(({ sharpe }) => sharpe !== null)
    .slice(0, shown);
}

function columnsFor(names: readonly string[]): readonly Column<SweepRow>[] {
  const figure = (header: string, drop: number, cell: (row: SweepRow) => string): Column<SweepRow> => ({
    header,
    align: 'right',
    drop,
    cell,
  });
  return [
    ...names.map((name) => figure(name, 0, ({ params }) => plainNumber(params[name] ?? null))),
    figure('sharpe', 0, ({ sharpe }) => ratio(sharpe)),
    figure('return', 1, ({ returnPct }) => percentChange(returnPct)),
    figure('drawdown', 2, ({ maxDrawdownPct }) => drawdown(maxDrawdownPct)),
    figure('trades', 3, ({ trades }) => count(trades ?? 0)),
    figure('equity', 4, ({ equityFinal }) => money(equityFinal)),
  ];
}

function firstError(results: readonly SweepRow[]): string {
  return cut(oneLine(results.find(({ error }) => error !== null)?.error ?? ''), 120);
}
