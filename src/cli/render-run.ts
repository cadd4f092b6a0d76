import type { RunDocument } from '../engine/index.ts';
import {
  count,
  counted,
  decidedBySentence,
  modelCostSentence,
  money,
  period,
  resultRows,
  stressInShort,
  verdictSentence,
} from '../wording/index.ts';
import {
  displayWidth,
  forTerminal,
  oneLine,
  padEnd,
  padStart,
  paint,
  type Terminal,
  wrap,
} from './terminal.ts';

/** The result of a run for people; `--json` has everything. Ends with a newline. */
export function renderRun(document: RunDocument, terminal: Terminal): string {
  const lines = [
    ...wrap(subject(document), textWidth(terminal)),
    '',
    ...(document.notes ?? []).flatMap((note) =>
      wrap(`Note: ${oneLine(note)}.`, textWidth(terminal) - 2).map((line) => `  ${line}`),
    ),
    ...wrap(verdictSentence(document), textWidth(terminal) - 2).map((line) =>
      paint(terminal, 'bold', `  ${line}`),
    ),
    '',
    ...figures(document, terminal),
    ...account(document),
    ...sameOrders(document),
    '',
    ...provenance(document, terminal),
  ];
  return `${forTerminal(terminal, lines.join('\n'))}\n`;
}

function textWidth(terminal: Terminal): number {
  return Math.max(40, Math.min(terminal.columns, 100));
}

function subject(document: RunDocument): string {
  const symbols = document.instruments.map((instrument) => `${instrument.symbol} ${instrument.timeframe}`);
  const shown = symbols.length > 4 ? [...symbols.slice(0, 4), `and ${symbols.length - 4} more`] : symbols;
  const { feeBps, spreadBps, slippageBps } = document.costs;
  return [
    document.desk,
    shown.join(', '),
    counted(document.bars, 'bar'),
    period(Date.parse(document.from), Date.parse(document.to)),
    `simulated, costs ${feeBps + spreadBps + slippageBps > 0 ? 'on' : 'off'}`,
  ]
    .map(oneLine)
    .join(' · ');
}

const labelWidth = 15;
const leastValueWidth = 11;
const gap = 2;
const mainFigures = ['return', 'max drawdown', 'sharpe', 'cagr', 'win rate', 'exposure'];

function figures(document: RunDocument, terminal: Terminal): readonly string[] {
  const { vote } = document.baselines;
  const names = ['this run', 'hold', 'matched', ...(vote === undefined ? [] : ['vote'])];
  const rows = resultRows(document).filter((row) => mainFigures.includes(row.label));
  const cells = rows.map((row) => [row.run, row.hold, row.matched, row.vote].slice(0, names.length));
  const widths = names.map((name, at) =>
    Math.max(
      leastValueWidth,
      ...[name, ...cells.map((row) => row[at] ?? '')].map((cell) => displayWidth(cell) + gap),
    ),
  );
  const aligned = (row: readonly (string | null)[]) =>
    row
      .map((cell, at) => padStart(cell ?? '', widths[at]!))
      .join('')
      .trimEnd();
  return [
    paint(terminal, 'dim', `  ${padEnd('', labelWidth)}${aligned(names)}`),
    ...rows.map(({ label, reason }, at) => {
      const why = reason === null ? '' : `  (${reason})`;
      return `  ${padEnd(label, labelWidth)}${aligned(cells[at]!)}${why}`;
    }),
  ];
}

function account(document: RunDocument): readonly string[] {
  const { equity } = document;
  const open = equity.positions === 0 ? '' : ', a position is still open';
  const line = (label: string, value: string, rest: string) =>
    `  ${padEnd(label, labelWidth)}${padStart(value, leastValueWidth)}  ${rest}`;
  return [
    line(
      'equity',
      money(equity.end),
      `= cash ${money(equity.cash)} + positions ${money(equity.positions)}   fees ${money(equity.fees)}`,
    ),
    line('trades', count(document.trades), `closed${open}`),
    line('orders', count(document.orders), ordersInWords(document)),
  ];
}

function sameOrders({ stress }: RunDocument): readonly string[] {
  return stress === undefined ? [] : [`  ${padEnd('same orders', labelWidth + gap)}${stressInShort(stress)}`];
}

function ordersInWords({ orders, fills, refused }: RunDocument): string {
  const waiting = orders - fills - refused;
  const rest = waiting === 0 ? '' : `, ${count(waiting)} waiting for a next bar`;
  return `${count(fills)} filled, ${count(refused)} refused${rest}`;
}

function provenance(document: RunDocument, terminal: Terminal): readonly string[] {
  const line = (label: string, text: string) => `  ${padEnd(label, labelWidth - 2)}${text}`;
  const who = decidedBySentence(document)
    .replace(/^Decided by: /, '')
    .replace(/\.$/, '');
  const hash = `${document.hash.slice(0, 8)}…${document.hash.slice(-8)}`;
  return [
    line('decided by', who),
    line('cost', modelCostSentence(document)),
    ...(document.replayOf === null
      ? []
      : [line('replay', `of ${oneLine(document.replayOf)}: the same hash, and no provider was asked`)]),
    ...(document.report === null ? [] : [line('report', oneLine(document.report))]),
    `${line('hash', hash)}    ${paint(terminal, 'dim', `next: orrery decisions list --run ${oneLine(document.run)}`)}`,
  ];
}
