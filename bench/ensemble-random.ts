import type { CodeWork, EnsembleDefinition } from '../src/ensemble/index.ts';
import { built } from './built.ts';
import { prepared } from './ensemble-no-ops.ts';
import { median, rounded } from './median.ts';

const agents = 1_000;
const graphs = 10;
const runsEach = 20;

/** Graphs of a thousand agents: what one takes, and how soon it is over once cancelled, whatever its agents do. */
export async function measureRandomGraphs(): Promise<object> {
  const runMs = await timesOf((draw) => timesOfRuns(draw));
  const cancelMs = await timesOf((draw) => timeToCancel(draw));
  return {
    agents,
    runMs: rounded(median(runMs)),
    microsecondsPerAgent: rounded((median(runMs) / agents) * 1_000),
    cancelledAfterMs: { median: rounded(median(cancelMs)), worst: rounded(Math.max(...cancelMs)) },
  };
}

async function timesOf(measure: (draw: Draw) => Promise<readonly number[]>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let seed = 1; seed <= graphs; seed++) times.push(...(await measure(numbersFrom(seed))));
  return times;
}

async function timesOfRuns(draw: Draw): Promise<readonly number[]> {
  const { ensemble } = await built();
  const graph = await prepared(randomGraph(draw, () => async () => 1));
  const times: number[] = [];
  for (let run = 0; run < runsEach; run++) {
    const started = performance.now();
    await ensemble.runEnsemble(graph, ensemble.inputOf(''), { run: 'e_bench' });
    times.push(performance.now() - started);
  }
  return times;
}

/** A third of the agents never answers and hears of no signal. */
async function timeToCancel(draw: Draw): Promise<readonly number[]> {
  const { ensemble } = await built();
  const deaf = () => new Promise<never>(() => undefined);
  const graph = await prepared(randomGraph(draw, () => (draw(3) === 0 ? deaf : async () => 1)));
  const controller = new AbortController();
  const { signal } = controller;
  const running = ensemble.runEnsemble(graph, ensemble.inputOf(''), { run: 'e_bench', signal });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const cancelled = performance.now();
  controller.abort();
  await running;
  return [performance.now() - cancelled];
}

/** Each agent depends on up to four of those before it. */
function randomGraph(draw: Draw, workOf: () => CodeWork): EnsembleDefinition {
  const entries = Array.from({ length: agents }, (_agent, index) => {
    const chosen = index === 0 ? [] : Array.from({ length: draw(5) }, () => `agent-${draw(index)}`);
    const depends_on = [...new Set(chosen)];
    return [`agent-${index}`, { kind: 'code', run: workOf(), depends_on, timeoutMs: 60_000 }] as const;
  });
  const from = `agent-${agents - 1}`;
  return { ensemble: 'random', agents: Object.fromEntries(entries), output: { from } };
}

/** A whole number from 0 up to and without `below`. */
type Draw = (below: number) => number;

/** Lehmer's generator with the multiplier of Park and Miller (1988): the same graphs every time. */
function numbersFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state * 16_807) % 2_147_483_647;
    return state % below;
  };
}
