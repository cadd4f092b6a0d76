import { describe, expect, test } from 'vitest';
import { sampleRunDocument } from '../../test/sample-run-document.ts';
import { decidedBySentence, resultRows, verdictSentence } from '../wording/index.ts';
import { renderRun } from './render-run.ts';
import { displayWidth, type Terminal } from './terminal.ts';

const terminal: Terminal = { interactive: true, columns: 80, color: false, unicode: true };
const document = sampleRunDocument();
const shown = renderRun(document, terminal);
const flowing = shown.replace(/\s+/g, ' ');

describe('the result of a run', () => {
  test('leads with the verdict, and says who decided', () => {
    expect(flowing).toContain(verdictSentence(document));
    expect(flowing).toContain('decided by rules 4,320 of 4,320; no model was asked');
    expect(decidedBySentence(document)).toContain('rules 4,320 of 4,320; no model was asked');
  });

  test('has the figures of the one table that every surface reads', () => {
    for (const label of ['return', 'max drawdown', 'sharpe']) {
      const row = resultRows(document).find((one) => one.label === label)!;
      expect(flowing).toContain(`${label} ${row.run} ${row.hold} ${row.matched}`);
    }
    expect(flowing).toContain('cagr – (under a year)');
  });

  test('keeps its columns apart, however much was lost', () => {
    const returnPct = -123456789.04;
    const lost = { ...document, metrics: { ...document.metrics, returnPct, maxDrawdownPct: 1.5e40 } };
    const lines = renderRun(lost, terminal).split('\n');
    const row = (label: string) => lines.find((line) => line.startsWith(`  ${label} `))!;
    expect(row('return')).toMatch(/ −123,456,789\.0 % +\+6\.90 % +\+3\.10 % +\+3\.90 %$/);
    expect(row('max drawdown')).toMatch(/ −1\.50e\+40 % +−18\.20 % /);
    expect(displayWidth(row('return'))).toBe(displayWidth(row('max drawdown')));
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('puts what makes it doubtful before the verdict', () => {
    const noted = renderRun({ ...document, notes: ['AAPL looks split on 2020-08-31'] }, terminal);
    expect(noted).toContain('\n  Note: AAPL looks split on 2020-08-31.\n  ');
    expect(noted.indexOf('Note:')).toBeLessThan(noted.indexOf('return'));
    expect(shown).not.toContain('Note:');
  });

  test('shows that the account adds up', () => {
    expect(flowing).toContain('equity 10,412.30 = cash 6,204.18 + positions 4,208.12 fees 68.40');
    expect(flowing).toContain('trades 32 closed, a position is still open');
    expect(flowing).toContain('orders 74 65 filled, 9 refused');
  });

  test('says what the same orders would have brought under worse conditions, where it is known', () => {
    expect(flowing).toContain('same orders costs ×2 +2.10 %, ×5 −3.90 %; a bar late +3.30 %');
    const { stress: _, ...older } = document;
    expect(renderRun(older, terminal)).not.toContain('same orders');
  });

  test('fits 80 columns and names the next command', () => {
    for (const line of shown.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(shown).toContain('next: orrery decisions list --run r_sample');
  });

  test('is ASCII where the terminal is, and has no colour codes unless colour is on', () => {
    expect(renderRun(document, { ...terminal, unicode: false })).toMatch(/^[\n\x20-\x7e]*$/);
    expect(shown.includes('\x1b')).toBe(false);
    expect(renderRun(document, { ...terminal, color: true }).includes('\x1b[1m')).toBe(true);
  });
});
