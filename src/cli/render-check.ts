import type { CheckDocument, CheckFinding } from '../engine/index.ts';
import { counted } from '../wording/index.ts';
import { oneLine, type Terminal, wrap } from './terminal.ts';

const meanings: { readonly [kind in CheckFinding['kind']]: string } = {
  'look-ahead': 'look-ahead: it knew what nobody can know yet; results cannot be repeated with money.',
  'warm-up': 'warm-up: it decides before its values are what they will be.',
  units: 'units: sizes, values or prices that cannot be meant.',
  interval: 'interval: times that do not fit what is counted in bars.',
};

/** A check for people: a line for each finding, what its kind means, and what was compared. */
export function renderCheck(document: CheckDocument, terminal: Terminal): string {
  const { name, kind, instruments, bars, findings } = document;
  const faults = findings.filter(({ severity }) => severity === 'fault');
  const width = Math.max(40, Math.min(terminal.columns, 100));
  const where = instruments.map(({ symbol, timeframe }) => `${symbol} ${timeframe}`).join(', ');
  const kinds = new Set(findings.map((finding) => finding.kind));
  const peeks = faults.some((finding) => finding.kind === 'look-ahead');
  // A note of that kind accuses nobody.
  if (!peeks) kinds.delete('look-ahead');
  return [
    ...wrap(oneLine(`${name} · ${kind} · ${where} · ${counted(bars, 'bar')}`), width),
    '',
    ...findings.map((finding) => oneLine(sentence(finding, instruments.length > 1))),
    ...[...kinds].flatMap((one) => wrap(meanings[one], width)),
    ...(peeks ? [] : [`No look-ahead found: ${compared(document)} compared.`]),
    ...(document.ok ? [] : ['Its results cannot be trusted on these candles.']),
  ].join('\n');
}

function sentence(
  { kind, subject, at, detail, instrument, severity }: CheckFinding,
  several: boolean,
): string {
  const where = several ? `${instrument}, ` : '';
  const note = severity === 'note' ? ' (note)' : '';
  return `${kind}${note}: ${subject}, ${where}from ${at} on: ${detail}`;
}

function compared({ kind, compared: { cuts, lines, orders, records } }: CheckDocument): string {
  const last = kind === 'desk' ? counted(records, 'record') : counted(orders, 'order');
  return `${counted(cuts, 'cut')}, ${counted(lines, 'line')}, ${last}`;
}
