// The desk `solar` by rules against buy-and-hold, with costs, over the first N seeds of the synthetic market.
// Run with: npx tsx scripts/rules-against-holding.ts [seeds]
import { readdirSync, readFileSync } from 'node:fs';
import { parseMoon } from '../src/agents/index.ts';
import { HistoricalClock } from '../src/core/index.ts';
import { readDeskFile } from '../src/desk/index.ts';
import { createRunHash } from '../src/journal/index.ts';
import { createGateway } from '../src/llm/index.ts';
import { driveRun } from '../src/runs/drive-run.ts';
import { openMarket } from '../src/runs/open-market.ts';
import { RunTally } from '../src/runs/run-tally.ts';

const seeds = Number(process.argv[2] ?? 50);
const hour = 3_600_000;
const warmUpBars = 250;
const bars = 2_000;
const start = Date.UTC(2024, 0, 1);
const llm = { providers: {}, profiles: {} };
const desk = readDeskFile('desks/solar.yaml', parseMoon);
const prompts = Object.fromEntries(
  readdirSync('prompts').map((name) => [name, readFileSync(`prompts/${name}`, 'utf8')]),
);

interface Result {
  readonly desk: number;
  readonly hold: number;
  readonly trades: number;
}

const results: Result[] = [];
for (let seed = 1; seed <= seeds; seed++) results.push(await runSeed(seed));
print(results);

async function runSeed(seed: number): Promise<Result> {
  const market = { symbols: ['SYN-A'], timeframe: '1h', bars: warmUpBars + bars, start };
  const request = {
    data: { kind: 'synthetic' as const, market },
    from: start + warmUpBars * hour,
    to: null,
    seed,
  };
  const end = await driveRun({
    run: `seed-${seed}`,
    spec: desk.spec,
    settings: {
      ...request,
      version: '',
      desk: { name: 'solar', text: desk.text },
      prompts,
      hashes: {},
      record: false,
      llm,
      profiles: {},
      replayOf: null,
    },
    market: await openMarket(request),
    clock: new HistoricalClock(start),
    gateway: createGateway({ settings: llm, environment: {}, recording: { kind: 'off' } }),
    start: { checkpoint: null, tally: new RunTally(), hash: createRunHash() },
    sink: { append: async () => undefined },
    trials: { note: () => ({ count: 1, sharpeVariance: 0 }) },
    notices: { warn: () => undefined, alert: () => undefined },
    stop: new AbortController().signal,
  });
  if (end.kind !== 'done') throw new Error('the run was stopped');
  const { metrics, baselines, trades } = end.figures;
  return { desk: metrics.returnPct, hold: baselines.buyAndHold.returnPct, trades };
}

function print(rows: readonly Result[]): void {
  const difference = rows.map((row) => row.desk - row.hold);
  const below = difference.filter((value) => value < 0).length;
  console.log(`${rows.length} seeds × ${bars} hourly bars of SYN-A, costs on; return in per cent`);
  console.log(`                    5 %     25 %   median     75 %     95 %`);
  console.log(`rules desk     ${spread(rows.map((row) => row.desk))}`);
  console.log(`buy-and-hold   ${spread(rows.map((row) => row.hold))}`);
  console.log(`difference     ${spread(difference)}`);
  console.log(`the desk ends below buy-and-hold in ${below} of ${rows.length} seeds`);
  console.log(
    `trades a seed: median ${quantile(
      rows.map((row) => row.trades),
      0.5,
    )}`,
  );
}

function spread(values: readonly number[]): string {
  return [0.05, 0.25, 0.5, 0.75, 0.95]
    .map((share) => quantile(values, share).toFixed(2).padStart(8))
    .join(' ');
}

/** Nearest rank. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
