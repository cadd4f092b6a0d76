import { type Baseline, ranked, type SweepDocument, type SweepHead, type SweepRow } from '../engine/index.ts';
import {
  count,
  counted,
  drawdown,
  holdSentence,
  money,
  percentChange,
  plainNumber,
  ratio,
} from '../wording/index.ts';
import { groundInWords } from './render-backtest.ts';
import { renderHeatMap } from './render-heat-map.ts';
import { type Column, renderTable } from './render-table.ts';
import { cut, forTerminal, oneLine, type Terminal, wrap } from './terminal.ts';

const shown = 10;

/** A sweep for people: the best by Sharpe, what that is worth, and a map where two parameters were swept. */
export function renderSweep(document: SweepDocument, terminal: Terminal): string {
  const { results, axes, combinations, workers, failed, words } = document;
  const hold = document.baselines.buyAndHold;
  const best = bestRows(results);
  const [rows, columns] = axes;
  const map =
    axes.length === 2 && rows !== undefined && columns !== undefined && best.length > 0
      ? ['', renderHeatMap({ rows, columns, results, best: document.best }, terminal)]
      : [];
  const names = axes.map(({ name }) => name);
  const table = renderTable([...best, hold], columnsFor(names, document.cash), terminal, {
    all: true,
    wide: false,
    empty: '',
  });
  return [
    ...subjectLines(document, terminal),
    ...document.notes.flatMap((note) => wrap(oneLine(`Note: ${note}.`), widthOf(terminal))),
    '',
    `${counted(combinations, 'combination')} on ${counted(workers, 'worker')}${best.length === 0 ? '; none has a Sharpe' : '; the best by Sharpe:'}`,
    ...(failed === 0
      ? []
      : wrap(`${count(failed)} failed, the first: ${firstError(results)}`, widthOf(terminal))),
    '',
    ...(best.length === 0 ? [holdSentence(hold.returnPct)] : [table.out.trimEnd()]),
    ...(words.againstHold === null ? [] : ['', ...wrap(words.againstHold, widthOf(terminal))]),
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
    ...groundInWords(document),
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

/** The last row of the table has no parameters: it held. */
type TableRow = SweepRow | Baseline;

function columnsFor(names: readonly string[], cash: number): readonly Column<TableRow>[] {
  const figure = (header: string, drop: number, cell: (row: TableRow) => string): Column<TableRow> => ({
    header,
    align: 'right',
    drop,
    cell,
  });
  const held = (at: number) => (at === 0 ? 'hold' : '');
  return [
    ...names.map((name, at) =>
      figure(name, 0, (row) => ('params' in row ? plainNumber(row.params[name] ?? null) : held(at))),
    ),
    figure('sharpe', 0, ({ sharpe }) => ratio(sharpe)),
    figure('return', 1, ({ returnPct }) => percentChange(returnPct)),
    figure('drawdown', 2, ({ maxDrawdownPct }) => drawdown(maxDrawdownPct)),
    figure('trades', 3, (row) => ('trades' in row ? count(row.trades ?? 0) : '')),
    figure('equity', 4, (row) =>
      money('equityFinal' in row ? row.equityFinal : cash * (1 + row.returnPct / 100)),
    ),
  ];
}

function firstError(results: readonly SweepRow[]): string {
  return cut(oneLine(results.find(({ error }) => error !== null)?.error ?? ''), 120);
}
