import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleReportData } from '../../test/sample-report-data.ts';
import { renderReport } from './render-report.ts';
import type { ReportData } from './report-data.ts';
import { createTimeAxis } from './time-axis.ts';
import { createLogAxis, createValueAxis, spreadsFar } from './value-axis.ts';

// A run that was imported may hold any number that a run could: its report is drawn all the same, and soon.

const absurd = [
  0,
  5e-324,
  -5e-324,
  1e-310,
  1e-290,
  1e-18,
  1,
  1e17,
  1e100,
  -1e100,
  1e300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
];
const number = fc.oneof(fc.constantFrom(...absurd), fc.double({ noNaN: true, noDefaultInfinity: true }));
const label = (value: number) => String(value);

/** Whatever is drawn is drawn somewhere. */
function expectDrawn(page: string): void {
  const drawn = [...page.matchAll(/ (?:d|style)="([^"]*)"/g)].map(([, value]) => value);
  expect(drawn.filter((value) => /NaN|Infinity|undefined/.test(value!))).toEqual([]);
}

test('an axis has few ticks and a place for every number, whatever its ends', () => {
  fc.assert(
    fc.property(number, number, number, (one, other, value) => {
      const range = { low: Math.min(one, other), high: Math.max(one, other) };
      const axes = [
        createValueAxis(range, label, { ticks: 5 }),
        createValueAxis(range, label, { ticks: 3, pinHigh: true }),
      ];
      if (spreadsFar(range)) axes.push(createLogAxis(range, label));
      for (const { ticks, position } of axes) {
        expect(ticks.length).toBeLessThan(40);
        for (const place of [position(value), ...ticks.map((tick) => tick.position)]) {
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place).toBeLessThanOrEqual(1);
        }
      }
    }),
    { seed: 3, numRuns: 300 },
  );
});

test('a time axis spans what the calendar reaches', () => {
  const time = fc.integer({ min: -8.64e15, max: 8.64e15 });
  fc.assert(
    fc.property(fc.uniqueArray(time, { minLength: 1, maxLength: 6 }), (times) => {
      const { ticks } = createTimeAxis(times.sort((a, b) => a - b));
      expect(ticks.every(({ position, label: text }) => position >= 0 && position <= 1 && text !== '')).toBe(
        true,
      );
    }),
    { seed: 3, numRuns: 50, examples: [[[-8.64e15, 8.64e15]], [[-62_167_219_200_000, 0]]] },
  );
});

test.each(absurd)('a report of an account that comes to %s is drawn', (value) => {
  const plain = sampleReportData({ bars: 300 });
  const equity = plain.equity.map((point, index) =>
    index % 50 === 7 ? { at: point.at, equity: value, cash: -value } : point,
  );
  const far = equity.map((point, index) => (index === 0 ? { ...point, at: -8.64e15 } : point));
  const trades = plain.trades.map((trade) => ({
    ...trade,
    entry: value,
    exit: -value,
    pnl: value,
    fees: value,
    closedAt: -8.64e15,
  }));
  const document = {
    ...plain.document!,
    equity: { start: value, end: value, cash: value, positions: value, fees: value },
    metrics: { ...plain.document!.metrics, returnPct: value, maxDrawdownPct: value, sharpe: value, days: 0 },
    costs: { feeBps: value, spreadBps: value, slippageBps: value },
  };
  const empty = { equity: [], trades: [], orders: [], decisions: [], candles: [], baselines: [] };
  const runs: readonly Partial<ReportData>[] = [
    { equity, trades, document },
    { equity: far, document, orders: [], positions: [] },
    { equity: equity.map((point) => ({ ...point, equity: value })), document },
    { equity: equity.slice(0, 2), document: null },
    { ...empty, document },
  ];
  for (const run of runs) expectDrawn(renderReport({ ...plain, ...run }, { live: false }));
});
