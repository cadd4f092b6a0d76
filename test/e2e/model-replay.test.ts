import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/storage/index.ts';
import { answersFromPrompt } from '../../src/testing/index.ts';
import { comparable, expectSameRecords } from './comparable.ts';
import {
  type DecisionRecord,
  decisionRecords,
  type RunDocument,
  runDocument,
  runSummaries,
} from './documents.ts';
import { openModelPlace, openServer, runWords } from './model-place.ts';
import type { Workplace } from './workplace.ts';

// One run, and what is done to its recordings afterwards: these tests build upon each other.
describe('a run whose model is gone', () => {
  let place: Workplace;
  let original: RunDocument;
  let records: readonly DecisionRecord[];

  beforeAll(async () => {
    const server = await openServer(answersFromPrompt());
    place = openModelPlace({ providers: { local: server.baseUrl } });
    original = await place.json(runDocument, ...runWords(place, 'a'));
    records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
    await place.json(runDocument, ...runWords(place, 'unrecorded'), '--no-record');
    await server.close();
  });

  test('is replayed to the same hash, free of charge', async () => {
    const replayed = await place.json(runDocument, 'run', '--replay', 'a', '--id', 'b');
    expect(replayed.hash).toBe(original.hash);
    expect(replayed.llm).toEqual({ ...original.llm, costUsd: 0, recordedCostUsd: original.llm.costUsd });
    expect(original.llm.costUsd).toBeGreaterThan(0);
    const unpaid = (record: DecisionRecord) => ({ ...comparable(record), costUsd: 0 });
    const again = await place.json(decisionRecords, 'decisions', 'list', '--run', 'b');
    expectSameRecords(again.map(unpaid), records.map(unpaid));
  });

  test('cannot be replayed when it kept no recordings', async () => {
    const { exitCode, error } = await place.refusal('run', '--replay', 'unrecorded');
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 1, code: 'recording-miss' });
  });

  test('is replayed by doing the work again, not by copying decisions', async () => {
    await change(
      place,
      'delete from orrery_decision',
      'delete from orrery_decision_detail',
      'delete from orrery_order',
    );
    const { hash } = await place.json(runDocument, 'run', '--replay', 'a');
    expect(hash).toBe(original.hash);
  });

  test('misses when the wording of a prompt changed, and says where', async () => {
    const reword = (from: string, to: string) =>
      `update orrery_run set settings = replace(settings::text, '${from}', '${to}')::json where run = 'a'`;
    await change(place, reword('You are the technical analyst', 'You are a technical analyst'));
    const { exitCode, error } = await place.refusal('run', '--replay', 'a', '--id', 'missed');
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 1, code: 'recording-miss' });
    expect(error.message).toContain('You are a technical analyst');
    await change(place, reword('You are a technical analyst', 'You are the technical analyst'));
  });

  test('is not replayed from an answer that was altered, which is named', async () => {
    const database = await open(place);
    const [recording] = await database.query<{ id: string }>(
      `update orrery_recording set outcome = replace(outcome, '0.8', '0.9')
       where id = (select min(id) from orrery_recording where scope like '%.technical' and outcome like '%0.8%') returning id`,
    );
    await database.close();
    const { exitCode, error } = await place.refusal('run', '--replay', 'a');
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 1, code: 'recording-altered' });
    expect(error.message).toContain(recording?.id ?? 'no recording');
  });

  test('whose row was damaged is named, and the others are listed', async () => {
    await change(place, "update orrery_run set status = 'lost' where run = 'unrecorded'");
    const { exitCode, stdout, stderr } = await place.run('runs', 'list', '--json');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: run unrecorded is not what was stored\n {2}.*Restore .*\n$/);
    const listed = runSummaries.parse(JSON.parse(stdout)).map(({ run }) => run);
    expect(listed).toEqual(expect.arrayContaining(['a', 'b']));
    expect(listed).not.toContain('unrecorded');
  });
});

function open({ home }: Workplace) {
  return openDatabase({ home, url: null, holder: 'the tests', access: 'own' });
}

async function change(place: Workplace, ...statements: readonly string[]): Promise<void> {
  const database = await open(place);
  try {
    for (const statement of statements) await database.query(statement);
  } finally {
    await database.close();
  }
}
