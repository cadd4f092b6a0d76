import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDefinition, EnsembleDefinition } from '../src/ensemble/index.ts';
import type { Invocation, Orrery } from '../src/orrery/index.ts';
import { built } from './built.ts';
import { median, rounded } from './median.ts';

const independent = 15;
const answerMs = 1_000;
const phases = 5;
/** Milliseconds the agents of one phase take, who all wait for all of the phase before. */
const phaseMs = [200, 150, 80, 20];
const repeats = 5;

/** Agents that ask a model on a local server, whose first byte takes its time. */
export async function measureWaits(): Promise<object> {
  const { testing, orrery } = await built();
  const server = await testing.startFakeProvider((request) => ({
    ...{ kind: 'slow', milliseconds: Number(/\d+/.exec(testing.promptOf(request))?.[0]) },
    reply: { kind: 'text', text: 'done' },
  }));
  const folder = mkdtempSync(join(tmpdir(), 'orrery-bench-'));
  try {
    writeFileSync(join(folder, 'orrery.yaml'), configuration(server.baseUrl));
    const opened = orrery.createOrrery({
      cwd: folder,
      environment: { ORRERY_HOME: join(folder, 'home'), HOME: folder },
      notices: { warn: () => undefined, alert: () => undefined },
      ...{ configFile: null, overrides: [] },
    });
    return { parallel: await measureParallel(opened), phases: await measurePhases(opened) };
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function configuration(baseUrl: string): string {
  return JSON.stringify({
    llm: {
      providers: { local: { kind: 'openai-compatible', baseUrl } },
      profiles: { analyst: { provider: 'local', model: 'fake-model' } },
    },
  });
}

async function measureParallel(orrery: Orrery): Promise<object> {
  const crowd = (concurrency: number): EnsembleDefinition => {
    const names = Array.from({ length: independent }, (_agent, index) => `agent-${index}`);
    const agents = Object.fromEntries(names.map((name) => [name, waiting(answerMs)]));
    return { ensemble: 'crowd', concurrency, agents, output: { from: names[0]! } };
  };
  const parallelMs = median(await wallTimes(orrery, crowd(independent), repeats));
  const [sequentialMs] = await wallTimes(orrery, crowd(1), 1);
  return {
    ...{ agents: independent, answerMs },
    parallelMs: rounded(parallelMs),
    sequentialMs: rounded(sequentialMs!),
    sequentialToParallel: rounded(sequentialMs! / parallelMs),
  };
}

async function measurePhases(orrery: Orrery): Promise<object> {
  const namesOf = (phase: number) => phaseMs.map((_ms, index) => `agent-${phase}-${index}`);
  const agents = Array.from({ length: phases }, (_phase, phase) =>
    namesOf(phase).map((name, index) => {
      const depends_on = phase === 0 ? [] : namesOf(phase - 1);
      return [name, waiting(phaseMs[index]!, depends_on)] as const;
    }),
  );
  const from = namesOf(phases - 1)[0]!;
  const wallMs = median(
    await wallTimes(
      orrery,
      { ensemble: 'phases', agents: Object.fromEntries(agents.flat()), output: { from } },
      repeats,
    ),
  );
  const criticalPathMs = phases * Math.max(...phaseMs);
  return {
    ...{ phases, criticalPathMs, wallMs: rounded(wallMs) },
    wallToCriticalPath: Number((wallMs / criticalPathMs).toFixed(4)),
  };
}

function waiting(milliseconds: number, depends_on: readonly string[] = []): AgentDefinition {
  return { kind: 'llm', question: `Wait ${milliseconds} ms.`, depends_on };
}

/** Milliseconds of runs one after the other, once connections are open. */
async function wallTimes(
  orrery: Orrery,
  definition: EnsembleDefinition,
  times: number,
): Promise<readonly number[]> {
  return await orrery.withEnsemble(definition, {}, async (invocation) => {
    const taken: number[] = [];
    if (times > 1) await timed(invocation);
    for (let time = 0; time < times; time++) taken.push(await timed(invocation));
    return taken;
  });
}

async function timed({ invoke }: Invocation): Promise<number> {
  const started = performance.now();
  const { status, error } = await invoke({ value: '', text: '' });
  if (status !== 'completed') throw new Error(`the ensemble ${status}: ${error?.message}`);
  return performance.now() - started;
}
