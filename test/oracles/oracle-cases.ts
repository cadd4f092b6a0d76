import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CandleSeries } from '../../src/core/index.ts';
import type { Intent, OracleEngine } from './replay-intents.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where the answers of others are: `$ORRERY_ORACLES`, or beside the checkout. */
export const oracleFolder = resolve(root, process.env['ORRERY_ORACLES'] ?? '../shared/oracles');

/** A run of backtesting.py as it was recorded. */
export interface OracleCase {
  readonly name: string;
  readonly data: string;
  readonly strategy: string;
  readonly params: { readonly [name: string]: number | null };
  readonly engine: OracleEngine;
  readonly first_next_bar: number;
  readonly fractional_unit: number | null;
  readonly stats: { readonly [name: string]: number | string | null };
  readonly trades: { readonly [column: string]: readonly (number | null)[] };
  readonly equity: readonly number[];
  readonly intents: readonly Intent[];
  readonly broker_cancel_bars: readonly number[];
}

/** Rows of a sweep: the parameters beside the figures that were reached. */
export interface OracleSweep {
  readonly data: string;
  readonly engine: Partial<OracleEngine>;
  readonly rows: readonly { readonly [name: string]: number }[];
}

const documents = readDocuments();

export const oracleCases: readonly OracleCase[] = documents.filter(
  (one): one is OracleCase => 'intents' in one,
);
export const oracleSweeps: readonly OracleSweep[] = documents.filter(
  (one): one is OracleSweep => 'rows' in one,
);

/** True when the answers are not there and may be missing; then one line has said so. */
export function oraclesSkipped(): boolean {
  if (documents.length > 0 || process.env['ORRERY_TEST_REQUIRE'] === 'all') return false;
  console.warn(`skipped: backtesting.py's answers are not in ${oracleFolder} (set ORRERY_ORACLES)`);
  return true;
}

/** The candles of a case; where it trades fractions, in units of the smallest one, as the oracle did. */
export function oracleCandles(data: string, unit = 1): CandleSeries {
  const [header = [], ...rows] = readFileSync(join(oracleFolder, 'inputs', data), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  const column = (name: string) => {
    const at = header.findIndex((one) => one.toLowerCase() === name);
    return Float64Array.from(rows, (row) => Number(row[at]) * (name === 'volume' ? 1 / unit : unit));
  };
  return {
    symbol: 'X',
    intervalMs: 86_400_000,
    length: rows.length,
    openTime: Float64Array.from(rows, ([time = '']) => utcTime(time)),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}

export function utcTime(text: string): number {
  const iso = text.replace(' ', 'T');
  return Date.parse(/T[\d:.]+$/.test(iso) ? `${iso}Z` : iso);
}

function readDocuments(): readonly object[] {
  const folder = join(oracleFolder, 'backtesting-py');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((file) => ({ name: file, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}
