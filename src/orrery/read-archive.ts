import { createJournal, type Journal } from '../journal/index.ts';
import { type Recording, recordingOf } from '../llm/index.ts';
import { modelUsage, type Usage, type UsageGroup } from '../runs/index.ts';
import type { WithDatabase } from './with-database.ts';

/** The journal and the recordings, while somebody has the database open. */
export interface Archive {
  readonly journal: Journal;
  /** @throws OrreryError `recording-altered` */
  recording(id: string): Promise<Recording | null>;
}

export interface ArchiveReader {
  /** Opens the database for the time of `work`, beside whoever holds it. */
  read<Result>(work: (archive: Archive) => Promise<Result>): Promise<Result>;
  /**
   * What models took in a run, or with null in all.
   * @throws OrreryError `run-not-found`
   */
  usage(run: string | null, by: UsageGroup): Promise<Usage>;
}

const holder = 'orrery, reading';

export function readArchive(withDatabase: WithDatabase): ArchiveReader {
  return {
    read: (work) =>
      withDatabase(holder, 'read', (database) =>
        work({ journal: createJournal(database), recording: (id) => recordingOf(database, id) }),
      ),
    usage: (run, by) =>
      withDatabase(holder, 'read', (database) =>
        modelUsage({ journal: createJournal(database), recordings: database }, run, by),
      ),
  };
}
