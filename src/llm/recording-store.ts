import { createHash } from 'node:crypto';
import { canonicalJson, OrreryError } from '../core/index.ts';
import type { Database, Migration } from '../storage/index.ts';
import type { Recording } from './recording.ts';

/** The slice of the database this folder uses. */
export type RecordingDatabase = Pick<Database, 'query'>;

/** Text columns, not jsonb: the checksum is over the very characters that were stored. */
export const recordingMigrations: readonly Migration[] = [
  {
    id: '0001-recording',
    sql: `create table orrery_recording (
      id text primary key,
      run text not null,
      scope text not null,
      request text not null,
      outcome text not null,
      checksum text not null
    );
    create index orrery_recording_scope on orrery_recording (run, scope);`,
  },
];

/** As it lies in the table; request and outcome are canonical JSON. */
export interface RecordingRow {
  readonly id: string;
  readonly run: string;
  readonly scope: string;
  readonly request: string;
  readonly outcome: string;
  readonly checksum: string;
}

/** Every read checks the row against its checksum. @throws OrreryError `recording-altered` naming the recording that was changed since. */
export interface RecordingStore {
  find(id: string): Promise<Recording | null>;
  /** What a scope of a run asked, in the order of the ids. */
  inScope(run: string, scope: string): Promise<readonly Recording[]>;
  /** Resolves when the row is durable. */
  save(recording: Recording): Promise<void>;
}

export function createRecordingStore(database: RecordingDatabase): RecordingStore {
  const columns = 'id, run, scope, request, outcome, checksum';
  return {
    async find(id) {
      const sql = `select ${columns} from orrery_recording where id = $1`;
      const [row] = await database.query<RecordingRow>(sql, [id]);
      return row === undefined ? null : readRow(row);
    },
    async inScope(run, scope) {
      const sql = `select ${columns} from orrery_recording where run = $1 and scope = $2 order by id`;
      return (await database.query<RecordingRow>(sql, [run, scope])).map(readRow);
    },
    async save(recording) {
      const { id, run, scope } = recording;
      const request = canonicalJson(recording.request);
      const outcome = canonicalJson(recording.outcome);
      const checksum = checksumOf({ id, run, scope, request, outcome });
      const sql = `insert into orrery_recording (${columns}) values ($1, $2, $3, $4, $5, $6)`;
      await database.query(sql, [id, run, scope, request, outcome, checksum]);
    },
  };
}

/** One exchange with its prompt and raw answer, or null when there is none of that id. */
export function recordingOf(database: RecordingDatabase, id: string): Promise<Recording | null> {
  return createRecordingStore(database).find(id);
}

/** @throws OrreryError `recording-altered` */
export function readRow(row: RecordingRow): Recording {
  const { id, run, scope, request, outcome, checksum } = row;
  if (checksumOf({ id, run, scope, request, outcome }) !== checksum) {
    throw new OrreryError(
      'recording-altered',
      `Recording ${id} (${scope} of run ${run}) is not what was stored: its checksum does not fit`,
      { hint: 'Restore the database from a backup, or run the desk again to make new recordings.' },
    );
  }
  return { id, run, scope, request: JSON.parse(request), outcome: JSON.parse(outcome) };
}

export function checksumOf(content: Omit<RecordingRow, 'checksum'>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
