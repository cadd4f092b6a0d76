import { join } from 'node:path';

/** Where lies what a run has beside its rows in the database. */
export interface RunFolders {
  readonly reports: string;
  reportPath(run: string): string;
  /** Where candles lie that came with an imported run. */
  dataFolder(run: string): string;
}

export function runFolders(home: string): RunFolders {
  const reports = join(home, 'reports');
  return {
    reports,
    reportPath: (run) => join(reports, `${run}.html`),
    dataFolder: (run) => join(home, 'run-data', run),
  };
}
