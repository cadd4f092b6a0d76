import { createJournal } from '../journal/index.ts';
import {
  checkRunFile,
  checkRunId,
  type ExportedRun,
  type ExportRequest,
  exportRun,
  type ImportedRun,
  type ImportRequest,
  importRun,
  type MovePorts,
} from '../runs/index.ts';
import type { Database } from '../storage/index.ts';
import type { WithDatabase } from './with-database.ts';

export interface MovedRuns {
  /** Writes a run that is done into one file; what {@link exportRun} throws. */
  exportRun(request: ExportRequest): Promise<ExportedRun>;
  /** Takes up the run of such a file, all of it or nothing; what {@link checkRunFile} and {@link importRun} throw. */
  importRun(request: ImportRequest): Promise<ImportedRun>;
}

interface MovedRunPorts extends Pick<MovePorts, 'version' | 'dataFolder'> {
  readonly withDatabase: WithDatabase;
}

export function moveRuns({ withDatabase, version, dataFolder }: MovedRunPorts): MovedRuns {
  const movePorts = (database: Database): MovePorts => ({
    journal: createJournal(database),
    database,
    version,
    dataFolder,
  });
  return {
    exportRun: (request) =>
      withDatabase('orrery runs export', 'read', (database) => exportRun(movePorts(database), request)),
    async importRun(request) {
      if (request.as !== null) checkRunId(request.as);
      // Twice read: what is not whole should not even begin to be kept.
      await checkRunFile(request.file);
      return withDatabase('orrery runs import', 'own', (database) => importRun(movePorts(database), request));
    },
  };
}
