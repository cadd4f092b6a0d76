import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createSyntheticMarket } from '../src/market/index.ts';
import { median, rounded } from './median.ts';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
const bars = 20_000;
const singleRows = 5_000;

interface Document {
  readonly run: string;
  readonly bars: number;
  readonly timings: { readonly runMs: number };
}

/**
 * The desk `solar` by rules with the journal on, whole command; beside it what a script would do without batches: one
 * row per record into the same embedded database. The long run against the short one shows whether a bar's cost grows.
 */
export async function measure(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-bench-'));
  try {
    const csv = writeCandles(folder, bars);
    const whole = Array.from({ length: 3 }, (_, time) => runDesk(folder, csv, `whole-${time}`, []));
    const tenth = Array.from({ length: 3 }, (_, time) =>
      runDesk(folder, csv, `tenth-${time}`, toBar(bars / 10)),
    );
    const records = countRecords(folder, 'whole-0');
    const barsPerSecond = median(whole.map(rate));
    const recordsPerSecond = (barsPerSecond * records) / bars;
    const single = await singleInserts(folder);
    return {
      barsPerSecond: rounded(barsPerSecond),
      recordsPerSecond: rounded(recordsPerSecond),
      recordsPerBar: rounded(records / bars),
      singleInsertsPerSecond: rounded(single),
      ratios: {
        recordsToSingleInserts: rounded(recordsPerSecond / single),
        costOfABarWholeToTenth: rounded(median(tenth.map(rate)) / barsPerSecond),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rate({ bars: done, timings }: Document): number {
  return (done / timings.runMs) * 1_000;
}

const start = Date.UTC(2020, 0, 1);
const hour = 3_600_000;

function toBar(count: number): readonly string[] {
  return ['--to', new Date(start + count * hour).toISOString()];
}

function writeCandles(folder: string, count: number): string {
  const { series } = createSyntheticMarket({
    seed: 1,
    symbols: ['SYN-A'],
    timeframe: '1h',
    bars: count,
    start,
  });
  const { openTime, open, high, low, close, volume } = series[0]!;
  const lines = ['time,open,high,low,close,volume'];
  for (let bar = 0; bar < count; bar++) {
    lines.push([openTime[bar], open[bar], high[bar], low[bar], close[bar], volume[bar]].join(','));
  }
  const file = join(folder, 'BENCHUSDT_1h.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function orrery(folder: string, words: readonly string[]): string {
  return execFileSync(process.execPath, [command, ...words, '--json'], {
    env: { ...process.env, ORRERY_HOME: join(folder, 'home') },
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 30,
  }).toString();
}

function runDesk(folder: string, csv: string, id: string, range: readonly string[]): Document {
  return JSON.parse(orrery(folder, ['run', 'solar', '--data', csv, '--id', id, ...range])) as Document;
}

function countRecords(folder: string, run: string): number {
  return (JSON.parse(orrery(folder, ['decisions', 'list', '--run', run])) as unknown[]).length;
}

async function singleInserts(folder: string): Promise<number> {
  const database = await PGlite.create(join(folder, 'single'));
  await database.exec(
    'create table record (id text primary key, at float8, action text, confidence float8, reasoning text)',
  );
  const started = performance.now();
  for (let row = 0; row < singleRows; row++) {
    const reasoning = 'The signs contradict each other or are too weak to act on.';
    await database.query('insert into record values ($1, $2, $3, $4, $5)', [
      `r.${row}`,
      row,
      'HOLD',
      0.5,
      reasoning,
    ]);
  }
  const perSecond = (singleRows / (performance.now() - started)) * 1_000;
  await database.close();
  return perSecond;
}
