import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CandleArrays, IndicatorSet } from '../../src/market/indicators/index.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, process.env['ORRERY_ORACLES'] ?? '../shared/oracles');
const answers = join(folder, 'indicators');
const there = existsSync(answers);
const skipped = !there && process.env['ORRERY_TEST_REQUIRE'] !== 'all';
if (skipped) console.warn(`skipped: TA-Lib's answers are not in ${folder} (set ORRERY_ORACLES)`);

/** Names of columns without their numbers: the indicator and its suffix, and the numbers meant when there are none. */
const indicators: Readonly<Record<string, readonly [family: string, suffix: string, numbers: string]>> = {
  sma: ['sma', '', ''],
  ema: ['ema', '', ''],
  wma: ['wma', '', ''],
  dema: ['dema', '', ''],
  tema: ['tema', '', ''],
  kama: ['kama', '', ''],
  rsi: ['rsi', '', '14'],
  macd: ['macd', '', '12-26-9'],
  macd_signal: ['macd', '.signal', '12-26-9'],
  macd_hist: ['macd', '.histogram', '12-26-9'],
  bb_upper: ['bollinger', '.upper', '20-2'],
  bb_middle: ['bollinger', '.middle', '20-2'],
  bb_lower: ['bollinger', '.lower', '20-2'],
  atr: ['atr', '', '14'],
  natr: ['natr', '', '14'],
  trange: ['true-range', '', ''],
  adx: ['adx', '', '14'],
  plus_di: ['adx', '.plus-di', '14'],
  minus_di: ['adx', '.minus-di', '14'],
  stoch_k: ['stochastic', '.k', '14-3-3'],
  stoch_d: ['stochastic', '.d', '14-3-3'],
  stochf_k: ['stochastic-fast', '.k', '14-3'],
  stochf_d: ['stochastic-fast', '.d', '14-3'],
  stochrsi_k: ['stochastic-rsi', '.k', '14-14-3'],
  stochrsi_d: ['stochastic-rsi', '.d', '14-14-3'],
  cci: ['cci', '', '20'],
  willr: ['williams-r', '', '14'],
  mfi: ['mfi', '', '14'],
  roc: ['roc', '', '10'],
  mom: ['momentum', '', '10'],
  stddev: ['standard-deviation', '', '20'],
  trix: ['trix', '', '15'],
  sar: ['parabolic-sar', '', '0.02-0.2'],
  aroon_down: ['aroon', '.down', '14'],
  aroon_up: ['aroon', '.up', '14'],
  ultosc: ['ultimate-oscillator', '', '7-14-28'],
  obv: ['obv', '', ''],
  ad: ['accumulation-distribution', '', ''],
  vwap_all: ['vwap', '', ''],
  vwap_session: ['vwap', '.session', ''],
};

/** Allowed distance as a share of the largest absolute value of the column. */
function toleranceOf(column: string): number {
  if (/^(bb|stddev)_/.test(column)) return 1e-8;
  return /^(obv|ad)$/.test(column) ? 1e-12 : 1e-9;
}

/** `sma_50` is `sma-50`, `macd_signal` is `macd-12-26-9.signal`. */
function indicatorNameOf(column: string): string {
  const [, prefix = '', numbers = ''] = /^(.*?)((?:_[\d.]+)*)$/.exec(column) ?? [];
  const known = indicators[prefix];
  if (!known) throw new Error(`no indicator is known to belong to the column ${column}`);
  const [family, suffix, usual] = known;
  const given = numbers === '' ? usual : numbers.slice(1).replaceAll('_', '-');
  return `${family}${given === '' ? '' : `-${given}`}${suffix}`;
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function readTable(file: string): Table {
  const [header = [], ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  return { header: header.map((name) => name.toLowerCase()), rows };
}

/** An empty cell is NaN. */
function columnOf({ header, rows }: Table, name: string): Float64Array {
  const at = header.indexOf(name);
  return Float64Array.from(rows, (row) => Number.parseFloat(row[at] ?? ''));
}

function readCandles(file: string): CandleArrays {
  const table = readTable(file);
  return {
    openTime: Float64Array.from(table.rows, ([time = '']) => openTimeOf(time)),
    high: columnOf(table, 'high'),
    low: columnOf(table, 'low'),
    close: columnOf(table, 'close'),
    volume: columnOf(table, 'volume'),
  };
}

/** The first column of any form that JavaScript reads; without a zone it is UTC. */
function openTimeOf(time: string): number {
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(time) || !time.includes(':');
  return Date.parse(zoned ? time : `${time.replace(' ', 'T')}Z`);
}

describe.skipIf(skipped)('indicators agree with the TA-Lib C library', () => {
  const files = there ? readdirSync(answers).filter((name) => name.endsWith('.csv')) : [];

  test('the oracles are there', () => {
    expect(files, `no *.csv in ${answers}`).not.toHaveLength(0);
  });

  describe.each(files)('%s', (file) => {
    const oracle = readTable(join(answers, file));
    const candles = readCandles(join(folder, 'inputs', file));

    test.each(oracle.header.slice(1))('%s', (column) => {
      const expected = columnOf(oracle, column);
      const set = new IndicatorSet(candles);
      const computed = set.column(indicatorNameOf(column));
      set.advance(candles.close.length);
      expect(computed.values).toHaveLength(expected.length);

      const start = firstKnown(expected);
      expect(firstKnown(computed.values)).toBe(start);
      if (start === expected.length) return;
      expect(computed.first).toBe(start);
      const known = expected.subarray(start);
      const scale = known.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const farthest = known.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - computed.values[start + i]!)),
        0,
      );
      expect(farthest).toBeLessThanOrEqual(toleranceOf(column) * scale);
    });
  });
});

/** The length when nothing is known. */
function firstKnown(values: Float64Array): number {
  const first = values.findIndex((value) => !Number.isNaN(value));
  return first < 0 ? values.length : first;
}
