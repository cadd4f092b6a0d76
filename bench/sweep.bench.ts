import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CandleSeries } from '../src/core/index.ts';
import { bareLoop } from './bare-loop.ts';
import { median, rounded } from './median.ts';
import { minuteCandles } from './minute-candles.ts';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
const pairs = 100;
const fewBars = 100_000;
const manyBars = 1_000_000;
const commission = 0.001;

interface Document {
  readonly workers: number;
  readonly timings: { readonly loadMs: number; readonly runMs: number; readonly statsMs: number };
}

/**
 * 100 pairs of averages by the command line, threads' start included, beside a bare loop over the same pairs in the same
 * run; then ten times as many bars on one thread and on two.
 */
export async function measure(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-bench-'));
  try {
    const few = minuteCandles(fewBars);
    const fewFile = writeCandles(folder, 'few', few);
    const rounds = Array.from({ length: 3 }, () => ({
      ours: sweep(folder, fewFile, []),
      bareMs: bareSweep(few),
    }));
    const runMs = median(rounds.map(({ ours }) => ours.timings.runMs));
    const bareMs = median(rounds.map(({ bareMs: ms }) => ms));
    const manyFile = writeCandles(folder, 'many', minuteCandles(manyBars));
    const one = sweep(folder, manyFile, ['--workers', '1']).timings.runMs;
    const two = sweep(folder, manyFile, ['--workers', '2']).timings.runMs;
    return {
      pairs,
      cores: availableParallelism(),
      fewBars: {
        bars: fewBars,
        workers: rounds[0]?.ours.workers,
        runMs: rounded(runMs),
        evidenceMs: rounded(median(rounds.map(({ ours }) => ours.timings.statsMs))),
        barsPerSecond: rounded(perSecond(fewBars, runMs)),
        bareBarsPerSecond: rounded(perSecond(fewBars, bareMs)),
      },
      manyBars: {
        bars: manyBars,
        oneWorkerMs: rounded(one),
        twoWorkersMs: rounded(two),
        barsPerSecond: rounded(perSecond(manyBars, two)),
      },
      ratios: { runToBareLoop: rounded(runMs / bareMs), secondCore: rounded(one / two) },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function perSecond(bars: number, ms: number): number {
  return ((pairs * bars) / ms) * 1_000;
}

function writeCandles(folder: string, name: string, series: CandleSeries): string {
  const { openTime, open, high, low, close, volume, length } = series;
  const lines = ['time,open,high,low,close,volume'];
  for (let bar = 0; bar < length; bar++) {
    lines.push([openTime[bar], open[bar], high[bar], low[bar], close[bar], volume[bar]].join(','));
  }
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function sweep(folder: string, file: string, words: readonly string[]): Document {
  const grid = ['--sweep', 'fast=5..50:5', '--sweep', 'slow=60..240:20', '--param', 'size=1'];
  const costs = ['--commission', String(commission), '--spread', '0', '--cash', '1000000'];
  return JSON.parse(
    execFileSync(
      process.execPath,
      [
        command,
        'backtest',
        'sma-cross',
        '--data',
        `BENCHUSDT=${file}`,
        ...grid,
        ...costs,
        ...words,
        '--json',
      ],
      {
        env: { ...process.env, ORRERY_HOME: join(folder, 'home') },
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 2 ** 30,
      },
    ).toString(),
  ) as Document;
}

function bareSweep(series: CandleSeries): number {
  const started = performance.now();
  for (let fast = 5; fast <= 50; fast += 5) {
    for (let slow = 60; slow <= 240; slow += 20) bareLoop(series, fast, slow, commission);
  }
  return performance.now() - started;
}
