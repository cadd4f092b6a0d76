import type { CallObserver } from '../core/index.ts';
import { createJournal } from '../journal/index.ts';
import {
  checkRunId,
  newRunId,
  type RunEnding,
  type RunPorts,
  type RunWatch,
  replayRun,
  resumeRun,
  startRun,
  type TrialsLog,
} from '../runs/index.ts';
import { type Database, makeStateFolder } from '../storage/index.ts';
import { type PreparationPorts, prepareRun, type RunRequest } from './prepare-run.ts';
import type { RunFolders } from './run-folders.ts';
import type { WithDatabase } from './with-database.ts';

export interface DeskRuns {
  run(request: RunRequest, watch: RunWatch): Promise<RunEnding>;
  resume(run: string, watch: RunWatch): Promise<RunEnding>;
  /** `as` names the new run. */
  replay(run: string, as: string | null, watch: RunWatch): Promise<RunEnding>;
}

interface DeskRunPorts extends PreparationPorts {
  readonly withDatabase: WithDatabase;
  readonly folders: RunFolders;
  readonly trials: TrialsLog;
  /** Told of every question to a model. */
  observers(): Promise<readonly CallObserver[]>;
}

type Performance = (ports: RunPorts) => Promise<RunEnding>;

export function runDesks(ports: DeskRunPorts): DeskRuns {
  const perform = (run: string, performance: Performance): Promise<RunEnding> =>
    ports.withDatabase(`orrery run ${run}`, 'own', async (database) =>
      performance(runPortsOf(ports, database, await ports.observers())),
    );
  const performNew = (run: string, performance: Performance): Promise<RunEnding> =>
    perform(run, (runPorts) => {
      // Before any work: who cannot be given a report should not have paid for a run.
      makeStateFolder(ports.folders.reports);
      return performance(runPorts);
    });
  return {
    async run(request, watch) {
      const fresh = await prepareRun(ports, request);
      return performNew(fresh.run, (runPorts) => startRun(runPorts, fresh, watch));
    },
    resume: (run, watch) => perform(run, (runPorts) => resumeRun(runPorts, run, watch)),
    replay(original, as, watch) {
      const run = as === null ? newRunId() : checkRunId(as);
      return performNew(run, (runPorts) => replayRun(runPorts, original, run, watch));
    },
  };
}

function runPortsOf(
  { models: { environment, storedKeys }, notices, trials, folders }: DeskRunPorts,
  database: Database,
  observers: readonly CallObserver[],
): RunPorts {
  const { reportPath, dataFolder } = folders;
  return {
    journal: createJournal(database),
    database,
    environment,
    storedKeys,
    notices,
    trials,
    observers,
    reportPath,
    dataFolder,
  };
}
