import { built } from './built.ts';
import { langGraph } from './ensemble-langgraph.ts';
import { layers, noOps, prepared } from './ensemble-no-ops.ts';
import { median, rounded } from './median.ts';

const rounds = 15;
const warmUp = 3;

/** What one graph takes with everything on: events, a limit on every agent's time, a signal that could cancel. */
export async function measureGraph(): Promise<object> {
  const { ensemble } = await built();
  const { signal } = new AbortController();
  const input = ensemble.inputOf('');
  let events = 0;
  const watch = () => {
    events++;
  };
  const running = async (work: 'async' | 'plain') => {
    const graph = await prepared(noOps(work));
    return () => ensemble.runEnsemble(graph, input, { run: 'e_bench', signal, watch });
  };
  const [async, plain, promiseAll] = await batchMedians([
    { work: await running('async'), times: 2_000 },
    { work: await running('plain'), times: 2_000 },
    { work: promisesInPhases, times: 2_000 },
  ]);
  if (events === 0) throw new Error('nobody heard of the agents');
  // Not by turns with the others: its AsyncLocalStorage slows every promise of the process from its first run on.
  const rival = langGraph(layers);
  const spoken = await rival();
  const agents = layers.flat().length;
  if (spoken !== agents) throw new Error(`${spoken} of ${agents} agents spoke in LangGraph`);
  const [langgraph] = await batchMedians([{ work: rival, times: 15 }]);
  return {
    unit: 'microseconds a graph, the median',
    agents,
    phases: layers.length,
    orrery: rounded(async!),
    orreryPlainFunctions: rounded(plain!),
    promiseAll: rounded(promiseAll!),
    langgraph: rounded(langgraph!),
    ratios: {
      langgraphToOrrery: rounded(langgraph! / async!),
      orreryToPromiseAll: rounded(async! / promiseAll!),
    },
  };
}

async function promisesInPhases(): Promise<readonly number[]> {
  const said: number[] = [];
  for (const layer of layers) said.push(...(await Promise.all(layer.map(async () => 1))));
  return said;
}

interface Batch {
  readonly work: () => Promise<unknown>;
  readonly times: number;
}

/** Microseconds of each work, the median of batches that take turns, so that a slow moment hits all of them. */
async function batchMedians(batches: readonly Batch[]): Promise<readonly number[]> {
  const taken: number[][] = batches.map(() => []);
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [at, { work, times }] of batches.entries()) {
      const started = performance.now();
      for (let time = 0; time < times; time++) await work();
      if (round >= warmUp) taken[at]!.push(((performance.now() - started) / times) * 1_000);
    }
  }
  return taken.map(median);
}
