import type { Database, Migration } from '../../storage/index.ts';
import { type AnswerStore, readAnswerOf, writeAnswer } from './answer-store.ts';

/** The slice of the database this folder uses. */
export type CacheDatabase = Pick<Database, 'query'>;

export const cacheMigrations: readonly Migration[] = [
  {
    // Text, not jsonb, which takes no U+0000. `turn` counts what was ever kept: ages are on the clocks of desks, which differ.
    id: '0001-cached-answer',
    sql: `create table orrery_cached_answer (
      key text primary key,
      answer text not null,
      turn bigint generated always as identity
    );
    create index orrery_cached_answer_turn on orrery_cached_answer (turn);`,
  },
];

/** Forgets what was kept the longest time ago. */
export function createDatabaseStore(database: CacheDatabase, maxEntries: number): AnswerStore {
  return {
    async find(key) {
      const sql = 'select answer from orrery_cached_answer where key = $1';
      const [row] = await database.query<{ readonly answer: string }>(sql, [key]);
      return row === undefined ? null : readAnswerOf(row.answer);
    },
    async keep(key, answer) {
      // The row just kept is not among those the delete may see: its old turn is what that part of the statement reads.
      const sql = `with kept as (
          insert into orrery_cached_answer (key, answer) values ($1, $2)
          on conflict (key) do update set answer = excluded.answer, turn = default
          returning turn
        )
        delete from orrery_cached_answer where key <> $1 and turn <= (select turn - $3::bigint from kept)`;
      await database.query(sql, [key, writeAnswer(answer), maxEntries]);
    },
    close: async () => undefined,
  };
}
