import { hostname } from 'node:os';
import { OrreryError } from '../core/index.ts';
import type { Database, Session } from '../storage/index.ts';
import { type ColumnWords, checkRow, isAlteredRows } from './altered-rows.ts';
import type { NewRun, RunEnd, RunList, RunRecord, RunSummary } from './journal.ts';

/** A run's number in the other tables, beside its name. */
export interface RunKey {
  readonly key: number;
  readonly name: string;
}

/** This process is the one that runs it; a later claim has a higher number and makes this one void. */
export interface RunClaim extends RunKey {
  readonly claims: number;
}

interface SummaryRow {
  readonly key: number;
  readonly run: string;
  readonly desk: string;
  readonly mode: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly started_at: number;
  readonly finished_at: number | null;
  readonly bars: number;
  readonly hash: string | null;
}

interface RunRow extends SummaryRow {
  readonly settings: unknown;
  readonly checkpoint: unknown;
  readonly document: unknown;
  readonly failure: unknown;
}

const summaryWords: ColumnWords<SummaryRow> = { status: { running: true, done: true, failed: true } };
const summaryColumns = 'r.key, r.run, r.desk, r.mode, r.status, r.started_at, r.finished_at, r.bars, r.hash';
const lockName = (run: string) => `run ${run}`;
const owner = () => `process ${process.pid} on ${hostname()}`;

/** @throws OrreryError `run-exists` */
export async function createRun(database: Database, run: NewRun): Promise<RunClaim> {
  if (!(await database.tryLock(lockName(run.run)))) throw runExists(run.run);
  const [created] = await database.query<{ key: number }>(
    `insert into orrery_run (run, desk, mode, status, started_at, owner, settings)
     values ($1, $2, $3, 'running', $4, $5, $6) on conflict (run) do nothing returning key`,
    [run.run, run.desk, run.mode, run.startedAt, owner(), JSON.stringify(run.settings)],
  );
  if (created !== undefined) return { key: created.key, name: run.run, claims: 1 };
  await database.unlock(lockName(run.run));
  throw runExists(run.run);
}

/** @throws OrreryError `run-not-found`, `run-alive` */
export async function claimRun(database: Database, run: string): Promise<RunClaim> {
  await findRunKey(database, run);
  if (!(await database.tryLock(lockName(run)))) throw await runAlive(database, run);
  const [claimed] = await database.query<{ key: number; claims: number }>(
    `update orrery_run set claims = claims + 1, owner = $2, status = 'running' where run = $1 returning key, claims`,
    [run, owner()],
  );
  if (claimed === undefined) throw runNotFound(run);
  return { key: claimed.key, name: run, claims: claimed.claims };
}

/** The part of an append that belongs to the run itself. @throws OrreryError `run-alive` */
export async function advanceRun(
  session: Session,
  claim: RunClaim,
  { bars, checkpoint }: { readonly bars: number; readonly checkpoint: unknown },
): Promise<void> {
  const updated = await session.query(
    'update orrery_run set bars = bars + $3 where key = $1 and claims = $2 returning key',
    [claim.key, claim.claims, bars],
  );
  if (updated.length === 0) throw await runAlive(session, claim.name);
  await session.query(
    `insert into orrery_checkpoint (run, checkpoint) values ($1, $2)
     on conflict (run) do update set checkpoint = excluded.checkpoint`,
    [claim.key, JSON.stringify(checkpoint)],
  );
}

/** @throws OrreryError `run-alive` when another process has taken the run over. */
export async function finishRun(database: Database, claim: RunClaim, end: RunEnd): Promise<void> {
  const updated = await database.query(
    `update orrery_run set status = $3, finished_at = $4, hash = $5, document = $6, failure = $7
     where key = $1 and claims = $2 returning key`,
    [
      claim.key,
      claim.claims,
      end.status,
      end.finishedAt,
      end.hash,
      JSON.stringify(end.document),
      JSON.stringify(end.failure),
    ],
  );
  if (updated.length === 0) throw await runAlive(database, claim.name);
  await database.unlock(lockName(claim.name));
}

/** @throws OrreryError `run-not-found`, `database-failed` when its row was altered */
export async function findRun(database: Database, run: string): Promise<RunRecord> {
  const [row] = await database.query<RunRow>(
    `select ${summaryColumns}, r.settings, c.checkpoint, r.document, r.failure
     from orrery_run r left join orrery_checkpoint c on c.run = r.key where r.run = $1`,
    [run],
  );
  if (row === undefined) throw runNotFound(run);
  const { settings, checkpoint, document, failure } = row;
  return { ...(await summaryOf(database, row)), settings, checkpoint, document, failure };
}

export async function listRuns(database: Database): Promise<RunList> {
  const rows = await database.query<SummaryRow>(`select ${summaryColumns} from orrery_run r order by r.key`);
  const runs: RunSummary[] = [];
  const damaged: OrreryError[] = [];
  for (const row of rows) {
    try {
      runs.push(await summaryOf(database, row));
    } catch (thrown) {
      if (!isAlteredRows(thrown)) throw thrown;
      damaged.push(thrown);
    }
  }
  return { runs, damaged };
}

/** Null when there is no such run. */
export async function readRunKey(session: Session, run: string): Promise<RunKey | null> {
  const [row] = await session.query<{ key: number }>('select key from orrery_run where run = $1', [run]);
  return row === undefined ? null : { key: row.key, name: run };
}

/** @throws OrreryError `run-not-found` */
async function findRunKey(session: Session, run: string): Promise<RunKey> {
  const key = await readRunKey(session, run);
  if (key === null) throw runNotFound(run);
  return key;
}

async function summaryOf(database: Database, row: SummaryRow): Promise<RunSummary> {
  checkRow(row, summaryWords, () => `run ${row.run}`);
  const isOrphan = row.status === 'running' && !(await database.isLocked(lockName(row.run)));
  return {
    run: row.run,
    desk: row.desk,
    mode: row.mode,
    status: isOrphan ? 'interrupted' : row.status,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    bars: row.bars,
    hash: row.hash,
  };
}

function runNotFound(run: string): OrreryError {
  return new OrreryError('run-not-found', `There is no run "${run}"`, {
    hint: 'See which there are with: orrery runs list',
  });
}

function runExists(run: string): OrreryError {
  return new OrreryError('run-exists', `There is a run "${run}" already`, {
    hint: `Choose another --id, or continue it with: orrery run --resume ${run}`,
  });
}

async function runAlive(session: Session, run: string): Promise<OrreryError> {
  const [row] = await session.query<{ owner: string }>('select owner from orrery_run where run = $1', [run]);
  return new OrreryError('run-alive', `Run "${run}" is being run by ${row?.owner ?? 'another process'}`, {
    hint: 'Wait for it to end or stop it first.',
  });
}
