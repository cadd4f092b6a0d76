import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adx, atr, bollinger, ema, macd, rsi, sma, standardDeviation, trueRange } from './index.ts';

const folder = process.env['ORRERY_ORACLES'] ?? '../shared/oracles';
const there = existsSync(join(folder, 'indicators'));
const required = process.env['ORRERY_TEST_REQUIRE'] === 'all';
if (!there && !required) console.log(`skipped: TA-Lib's answers are not in ${folder} (set ORRERY_ORACLES)`);

/** Allowed distance, as a share of the largest absolute value of the column. */
const tolerance = 1e-9;

/** Columns of a CSV file with a header, by lower-case name; an empty cell is NaN. */
function columns(file: string): (name: string) => Float64Array {
  const [header = [], ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().toLowerCase().split(','));
  return (name) => Float64Array.from(rows, (row) => Number.parseFloat(row[header.indexOf(name)] ?? ''));
}

function computed(input: string): Record<string, Float64Array> {
  const column = columns(input);
  const [high, low, close] = [column('high'), column('low'), column('close')];
  const convergence = macd(close, 12, 26, 9);
  const bands = bollinger(close, 20);
  const direction = adx(high, low, close, 14);
  return {
    sma_10: sma(close, 10),
    sma_20: sma(close, 20),
    sma_50: sma(close, 50),
    ema_10: ema(close, 10),
    ema_20: ema(close, 20),
    rsi_14: rsi(close, 14),
    macd: convergence.line,
    macd_signal: convergence.signal,
    macd_hist: convergence.histogram,
    bb_upper: bands.upper,
    bb_middle: bands.middle,
    bb_lower: bands.lower,
    stddev_20: standardDeviation(close, 20),
    trange: trueRange(high, low, close),
    atr_14: atr(high, low, close, 14),
    adx_14: direction.adx,
    plus_di_14: direction.plusDi,
    minus_di_14: direction.minusDi,
  };
}

const firstValue = (values: Float64Array) => values.findIndex((value) => !Number.isNaN(value));

describe.skipIf(!there && !required)('indicators agree with the TA-Lib C library', () => {
  const files = there ? readdirSync(join(folder, 'indicators')).filter((name) => name.endsWith('.csv')) : [];

  test('the oracles are there', () => {
    expect(files, `no indicators/*.csv in ${folder}`).not.toHaveLength(0);
  });

  for (const file of files) {
    const oracle = columns(join(folder, 'indicators', file));
    test.each(Object.entries(computed(join(folder, 'inputs', file))))(`${file} %s`, (name, values) => {
      const expected = oracle(name);
      expect(values).toHaveLength(expected.length);
      const first = firstValue(expected);
      expect(first).toBeGreaterThan(0);
      expect(firstValue(values)).toBe(first);
      const [known, scaled] = [expected.subarray(first), values.subarray(first)];
      const scale = known.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const farthest = known.reduce((most, value, i) => Math.max(most, Math.abs(value - scaled[i]!)), 0);
      expect(farthest / scale).toBeLessThan(tolerance);
    });
  }
});
