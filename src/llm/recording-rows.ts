import type { Session } from '../storage/index.ts';
import { checksumOf, type RecordingDatabase, type RecordingRow, readRow } from './recording-store.ts';

// The recordings of a run on their way to another database, row by row.

export type MovedRecording = RecordingRow;

const columns = 'id, run, scope, request, outcome, checksum';
const rowsPerPage = 200;

/** Ordered by id. @throws OrreryError `recording-altered` */
export async function* readRecordings(
  database: RecordingDatabase,
  run: string,
): AsyncGenerator<MovedRecording> {
  let last = '';
  for (;;) {
    const rows = await database.query<RecordingRow>(
      `select ${columns} from orrery_recording where run = $1 and id collate "C" > $2
       order by id collate "C" limit ${rowsPerPage}`,
      [run, last],
    );
    for (const row of rows) {
      readRow(row);
      yield row;
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < rowsPerPage) return;
    last = end.id;
  }
}

export async function countRecordings(database: RecordingDatabase, run: string): Promise<number> {
  const sql = 'select count(*)::int4 as rows from orrery_recording where run = $1';
  const [counted] = await database.query<{ rows: number }>(sql, [run]);
  return counted?.rows ?? 0;
}

/**
 * The same recording for its run under another name, with the checksum that makes.
 * @throws OrreryError `recording-altered` when its own does not fit: a new name is no pardon
 */
export function renameRecording(row: MovedRecording, run: string): MovedRecording {
  const { id, scope, request, outcome } = row;
  readRow(row);
  if (run === row.run) return row;
  const content = { id: `${run}${id.slice(row.run.length)}`, run, scope, request, outcome };
  return { ...content, checksum: checksumOf(content) };
}

export async function insertRecordings(session: Session, rows: readonly MovedRecording[]): Promise<void> {
  await session.query(
    `insert into orrery_recording (${columns}) select ${columns} from json_to_recordset($1::json)
     as entry (id text, run text, scope text, request text, outcome text, checksum text)`,
    [JSON.stringify(rows)],
  );
}
