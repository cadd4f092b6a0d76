import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { median, rounded } from './median.ts';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js');

/** Whole processes from outside, on the built command; state folders are new each time. */
export async function measure(): Promise<object> {
  const bareNode = repeat(11, () => timed(['-e', '0']));
  const help = repeat(11, () => timed([command, '--help']));
  const firstDecision = repeat(5, demoFirstDecision);
  const firstReopened = repeat(5, reopenedFirstDecision());
  const databaseAlone = await repeatAsync(3, freshDatabase);
  return {
    unit: 'ms',
    bareNode: rounded(bareNode),
    help: rounded(help),
    firstDecisionFreshHome: rounded(firstDecision),
    firstDecisionNextRun: rounded(firstReopened),
    pgliteFirstOpenAlone: rounded(databaseAlone),
    ratios: {
      helpToBareNode: rounded(help / bareNode),
      firstDecisionToPgliteFirstOpen: rounded(firstDecision / databaseAlone),
    },
  };
}

function repeat(times: number, work: () => number): number {
  work();
  return median(Array.from({ length: times }, work));
}

async function repeatAsync(times: number, work: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let time = 0; time < times; time++) values.push(await work());
  return median(values);
}

function timed(words: readonly string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, words, { stdio: 'ignore' });
  return performance.now() - started;
}

function withFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-bench-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function demo(home: string): number {
  const printed = execFileSync(process.execPath, [command, 'demo', '--once', '--json'], {
    env: { ...process.env, ORRERY_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (JSON.parse(printed.toString()) as { timings: { firstDecisionMs: number } }).timings.firstDecisionMs;
}

function demoFirstDecision(): number {
  return withFolder(demo);
}

function reopenedFirstDecision(): () => number {
  return () =>
    withFolder((home) => {
      demo(home);
      return demo(home);
    });
}

async function freshDatabase(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-bench-'));
  const started = performance.now();
  const database = await PGlite.create(join(folder, 'database'));
  const elapsed = performance.now() - started;
  await database.close();
  rmSync(folder, { recursive: true, force: true });
  return elapsed;
}
