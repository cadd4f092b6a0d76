import { nearestWord, OrreryError, runOf } from '../core/index.ts';
import type { Database } from '../storage/index.ts';
import type { RunKey } from './run-store.ts';
import { fullId, storedId } from './stored-id.ts';

const mostNamed = 6;

/** Says which records there are where `id` was looked for, and the command that shows the likeliest. */
export async function recordNotFound(
  database: Database,
  run: RunKey | null,
  id: string,
): Promise<OrreryError> {
  return new OrreryError('record-not-found', `There is no record "${id}"`, {
    hint: await whereToLook(database, run, id),
  });
}

async function whereToLook(database: Database, run: RunKey | null, id: string): Promise<string> {
  if (run === null)
    return `There is no run "${runOf(id)}" either. See which there are with: orrery runs list`;
  const [number = '', ...suffix] = id === run.name ? [] : storedId(run.name, id).split('.');
  const rows = /^\d{1,9}$/.test(number)
    ? await database.query<{ suffix: string }>(
        'select suffix from orrery_decision where run = $1 and number = $2::int4 order by suffix',
        [run.key, Number(number)],
      )
    : [];
  if (rows.length === 0) return `See which there are with: orrery decisions list --run ${run.name}`;
  const decision = fullId(run.name, number);
  if (suffix[0] === 'order') {
    return `It is an order's. What asked for it: orrery decisions show ${decision} · what became of it: orrery orders list --run ${run.name}`;
  }
  const ids = rows.map((row) => (row.suffix === '' ? decision : `${decision}.${row.suffix}`));
  const named = ids.length > mostNamed ? `${ids.slice(0, mostNamed).join(', ')}, …` : ids.join(', ');
  return `Try: orrery decisions show ${nearestWord(id, ids) ?? decision} (of that bar there are ${named})`;
}
