import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EnsembleDefinition } from '../src/ensemble/index.ts';
import { built } from './built.ts';
import { noOps, prepared } from './ensemble-no-ops.ts';
import { median, rounded } from './median.ts';

const ensembles = 10;
const agents = 1_000;
const runs = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What agents hold on the heap, ready and at work, and what many runs leave behind. */
export async function measureMemory(): Promise<object> {
  return {
    idleAgentMegabytes: { ready: await readyAgent(), atWork: await waitingAgent() },
    soak: await soak(),
  };
}

/** Prepared and kept. */
async function readyAgent(): Promise<number> {
  const kept: object[] = [];
  await prepared(crowd(async () => 1));
  const before = heapUsed();
  for (let time = 0; time < ensembles; time++) kept.push(await prepared(crowd(async () => 1)));
  return rounded((heapUsed() - before) / 2 ** 20 / (kept.length * agents));
}

/** Begun, and waiting for an answer as one waits for a model: it has looked at its signal. */
async function waitingAgent(): Promise<number> {
  const { ensemble } = await built();
  const controller = new AbortController();
  const graph = await prepared(
    crowd(
      ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(null), { once: true });
        }),
    ),
  );
  const run = () =>
    ensemble.runEnsemble(graph, ensemble.inputOf(''), { run: 'e_bench', signal: controller.signal });
  const before = heapUsed();
  const running = Array.from({ length: ensembles }, run);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const held = heapUsed() - before;
  controller.abort();
  await Promise.all(running);
  return rounded(held / 2 ** 20 / (ensembles * agents));
}

function crowd(run: (turn: { readonly signal: AbortSignal }) => Promise<number | null>): EnsembleDefinition {
  const names = Array.from({ length: agents }, (_agent, index) => `agent-${index}`);
  return {
    ensemble: 'crowd',
    agents: Object.fromEntries(names.map((name) => [name, { kind: 'code', run, timeoutMs: 60_000 }])),
    output: { from: names[0]! },
  };
}

/** The heap after collection, in the first third of the runs and in the last, and what is left that could keep the process. */
async function soak(): Promise<object> {
  const { ensemble } = await built();
  const graph = await prepared(noOps('async'));
  const { signal } = new AbortController();
  const input = ensemble.inputOf('');
  const resourcesBefore = process.getActiveResourcesInfo().length;
  const samples: number[] = [];
  for (let time = 0; time < 30; time++) {
    for (let run = 0; run < Math.ceil(runs / 30); run++) {
      await ensemble.runEnsemble(graph, input, { run: 'e_bench', signal, watch: () => undefined });
    }
    samples.push(heapUsed());
  }
  const [first, last] = [median(samples.slice(0, 10)), median(samples.slice(20))];
  return {
    runs,
    heapMegabytes: { first: rounded(first / 2 ** 20), last: rounded(last / 2 ** 20) },
    heapLastThirdToFirst: rounded(last / first),
    timersAndHandlesLeft: process.getActiveResourcesInfo().length - resourcesBefore,
  };
}

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
