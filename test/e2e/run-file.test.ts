import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answersFromPrompt } from '../../src/testing/index.ts';
import {
  type DecisionRecord,
  decisionRecords,
  equityPoints,
  fills,
  orders,
  type RunDocument,
  runDocument,
  runSummaries,
  shownDecision,
  trades,
} from './documents.ts';
import { openModelPlace, openServer, runWords } from './model-place.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const secret = 'sk-live-0123456789abcdef';
const data = z.array(
  z.object({ symbol: z.string(), file: z.string(), sha256: z.string(), here: z.boolean() }),
);
const exported = z.object({ run: z.string(), file: z.string(), bytes: z.number(), sha256: z.string(), data });
const imported = z.object({
  run: z.string(),
  from: z.string(),
  hash: z.string(),
  status: z.enum(['imported', 'present']),
  data,
});

// One run of a model that is gone afterwards, in a file: what is done with the file.
describe('a run in a file', () => {
  let origin: Workplace;
  let original: RunDocument;
  let content: Awaited<ReturnType<typeof contentOf>>;
  let records: readonly DecisionRecord[];
  let file: string;
  let whole: string;
  let candleFile: string;

  beforeAll(async () => {
    const server = await openServer(answersFromPrompt());
    const setup = { providers: { local: server.baseUrl }, apiKeyEnv: 'LOCAL_KEY' };
    origin = openModelPlace(setup, { LOCAL_KEY: secret });
    original = await origin.json(runDocument, ...runWords(origin, 'a'));
    await server.close();
    candleFile = original.instruments[0]?.file ?? '';
    content = await contentOf(origin, 'a');
    records = content.decisions;
    ({ file } = await origin.json(exported, 'runs', 'export', 'a'));
    ({ file: whole } = await origin.json(exported, 'runs', 'export', 'a', 'whole.gz', '--with-data'));
  });

  /** Everything that can be listed of it. */
  async function contentOf(place: Workplace, run: string) {
    const of = (what: string) => [what, 'list', '--run', run] as const;
    return {
      decisions: await place.json(decisionRecords, ...of('decisions')),
      orders: await place.json(orders, ...of('orders')),
      fills: await place.json(fills, ...of('fills')),
      trades: await place.json(trades, ...of('trades')),
      equity: await place.json(equityPoints, ...of('equity')),
    };
  }

  async function expectReplay(place: Workplace, run: string): Promise<void> {
    const replayed = await place.json(runDocument, 'run', '--replay', run);
    expect(replayed.hash).toBe(original.hash);
    expect(replayed.llm).toEqual({ ...original.llm, costUsd: 0, recordedCostUsd: original.llm.costUsd });
    expect(original.llm.costUsd).toBeGreaterThan(0);
  }

  async function expectNothing(place: Workplace): Promise<void> {
    expect(await place.json(runSummaries, 'runs', 'list')).toEqual([]);
    expect(existsSync(join(place.home, 'run-data'))).toBe(false);
  }

  test('is lines of JSON that say what they are, and holds no secret', () => {
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ...{ orrery: 'run', format: 1, run: 'a', desk: 'solar', hash: original.hash },
      rows: { decision: records.length, fill: original.fills, trade: original.trades },
    });
    const before = `${lines.slice(0, -1).join('\n')}\n`;
    const end = { sha256: createHash('sha256').update(before).digest('hex'), lines: lines.length - 1 };
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ end });
    expect(before).not.toContain(secret);
  });

  test('is the same file whenever it is written, and replaces none', async () => {
    const again = await origin.json(exported, 'runs', 'export', 'a', 'again.gz');
    expect(readFileSync(again.file).equals(readFileSync(file))).toBe(true);
    const { exitCode, error } = await origin.refusal('runs', 'export', 'a', 'again.gz');
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'usage-invalid' });
    expect(error.message).toContain('again.gz');
  });

  test('is in a fresh home what it was, and is replayed there without its model', async () => {
    const place = openWorkplace();
    const taken = await place.json(imported, 'runs', 'import', file);
    expect(taken).toMatchObject({ run: 'a', from: 'a', hash: original.hash, status: 'imported' });
    expect(taken.data).toMatchObject([{ symbol: 'ABC', file: candleFile, here: true }]);
    expect(await contentOf(place, 'a')).toEqual(content);
    const [asked] = records.filter((record) => record.provider !== null);
    const id = asked?.id ?? '';
    const shown = await place.json(shownDecision, 'decisions', 'show', id);
    expect(shown).toEqual(await origin.json(shownDecision, 'decisions', 'show', id));
    const report = join(place.home, 'reports', 'a.html');
    expect(await place.json(runDocument, 'run', '--resume', 'a')).toEqual({ ...original, report });
    expect(existsSync(report)).toBe(true);
    await expectReplay(place, 'a');
    // What came in goes out as it was.
    const again = await place.json(exported, 'runs', 'export', 'a', 'again.gz');
    expect(readFileSync(again.file).equals(readFileSync(file))).toBe(true);
  });

  test('takes another name with everything in it', async () => {
    const place = openWorkplace();
    const taken = await place.json(imported, 'runs', 'import', file, '--as', 'b');
    expect(taken).toMatchObject({ run: 'b', from: 'a', hash: original.hash });
    const renamed = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replaceAll('"a.', '"b.').replaceAll('"run":"a"', '"run":"b"'));
    expect(await contentOf(place, 'b')).toEqual(renamed(content));
    const { run } = await place.json(runDocument, 'run', '--resume', 'b');
    expect(run).toBe('b');
    const id = records.find((record) => record.provider !== null)?.id ?? '';
    const shown = await place.json(shownDecision, 'decisions', 'show', id.replace(/^a/, 'b'));
    expect(shown).toEqual(renamed(await origin.json(shownDecision, 'decisions', 'show', id)));
    await place.json(imported, 'runs', 'import', file);
    expect((await place.json(runSummaries, 'runs', 'list')).map((row) => row.run)).toEqual(['b', 'a']);
  });

  test('is not taken twice, and not in place of another run', async () => {
    const place = openWorkplace();
    await place.json(imported, 'runs', 'import', file);
    expect((await place.json(imported, 'runs', 'import', file)).status).toBe('present');
    await place.json(runDocument, ...runWords(place, 'other'));
    const { exitCode, error } = await place.refusal('runs', 'import', file, '--as', 'other');
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'run-exists' });
    expect(error.hint).toContain('--as');
    const wrong = await place.refusal('runs', 'import', file, '--as', '../a');
    expect(wrong.error.code).toBe('usage-invalid');
  });

  test('brings its candles where it is told to', async () => {
    const place = openWorkplace();
    const bare = openWorkplace();
    const away = `${candleFile}.away`;
    renameSync(candleFile, away);
    try {
      const lacking = await bare.json(imported, 'runs', 'import', file);
      expect(lacking.data).toMatchObject([{ here: false }]);
      const { error } = await bare.refusal('run', '--replay', 'a');
      expect(error.code).toBe('file-not-found');
      const { stderr } = await bare.run('runs', 'import', file, '--as', 'b');
      expect(stderr).toContain(candleFile);
      const taken = await place.json(imported, 'runs', 'import', whole, '--as', 'b');
      expect(taken.data[0]?.file.startsWith(join(place.home, 'run-data'))).toBe(true);
      await expectReplay(place, 'b');
      const { report } = await place.json(runDocument, 'run', '--resume', 'b');
      expect(existsSync(report)).toBe(true);
      // Once more from there, and of a replay too.
      await place.json(exported, 'runs', 'export', 'b', 'again.gz', '--with-data');
      const [replay] = (await place.json(runSummaries, 'runs', 'list')).filter(({ run }) => run !== 'b');
      await expectReplay(place, replay?.run ?? '');
      const { error: gone } = await origin.refusal('runs', 'export', 'a', 'lacking.gz', '--with-data');
      expect(gone.code).toBe('file-not-found');
      expect(existsSync(join(file, '../lacking.gz'))).toBe(false);
      // What came is held to the run like any other file.
      appendFileSync(taken.data[0]?.file ?? '', '\n');
      expect((await place.refusal('run', '--replay', 'b')).error.code).toBe('data-changed');
    } finally {
      renameSync(away, candleFile);
    }
    origin.write('ABC_1h.csv', `${readFileSync(candleFile, 'utf8')}\n`);
    const { error } = await origin.refusal('runs', 'export', 'a', 'changed.gz', '--with-data');
    runWords(origin, 'unchanged');
    expect(error.code).toBe('data-changed');
    expect(readdirSync(join(file, '..')).filter((name) => /changed|lacking|part/.test(name))).toEqual([]);
  });

  testOnPostgres('goes to a server and back', async () => {
    const DATABASE_URL = await newSchema();
    const server = openWorkplace({ DATABASE_URL });
    await server.json(imported, 'runs', 'import', file);
    expect(await contentOf(server, 'a')).toEqual(content);
    await expectReplay(server, 'a');
    const again = await server.json(exported, 'runs', 'export', 'a', 'back.gz');
    expect(readFileSync(again.file).equals(readFileSync(file))).toBe(true);
    expect((await server.json(imported, 'runs', 'import', file)).status).toBe('present');
    const back = openWorkplace();
    await back.json(imported, 'runs', 'import', again.file);
    expect(await back.json(decisionRecords, 'decisions', 'list', '--run', 'a')).toEqual(records);
  });

  describe('is refused', () => {
    const place = openWorkplace();
    const text = () => gunzipSync(readFileSync(file)).toString();
    /** With another beginning, and an end that fits. */
    const rewritten = (change: (lines: string[]) => void): Buffer => {
      const lines = text().trimEnd().split('\n').slice(0, -1);
      change(lines);
      const before = `${lines.join('\n')}\n`;
      const end = { sha256: createHash('sha256').update(before).digest('hex'), lines: lines.length };
      return gzipSync(`${before}${JSON.stringify({ end })}\n`);
    };
    const flipped = (bytes: Buffer, at: number) => {
      const copy = Buffer.from(bytes);
      copy[at] = copy[at]! ^ 1;
      return copy;
    };
    const cases: readonly (readonly [string, () => Buffer, RegExp])[] = [
      ['with a byte flipped', () => flipped(readFileSync(file), 5_000), /damaged/],
      ['with a byte of its text flipped', () => gzipSync(flipped(Buffer.from(text()), 90_000)), /damaged/],
      ['with a word changed', () => gzipSync(text().replace('the technical', 'the Technical')), /damaged/],
      ['cut off', () => readFileSync(file).subarray(0, -1_000), /cut off/],
      ['without its last line', () => gzipSync(text().replace(/[^\n]*\n$/, '')), /cut off/],
      ['with a line behind its last', () => gzipSync(`${text()}{}\n`), /behind its end/],
      ['of another version', () => gzipSync(text().replace('"format":1', '"format":2')), /format 2/],
      ['that is something else', () => Buffer.from('time,open\n'), /not a run/],
      ['that is something else, packed', () => gzipSync('time,open\n'), /not a run/],
      ['that is empty', () => Buffer.alloc(0), /cut off|not a run/],
      ['that lacks a row it counts', () => rewritten((lines) => lines.splice(5, 1)), /damaged/],
      [
        'of a name that leads elsewhere',
        () =>
          rewritten((lines) => {
            lines[0] = lines[0]!.replace('"run":"a"', '"run":"../a"');
          }),
        /damaged/,
      ],
    ];
    test.each(cases)('a file %s', async (_, bytes, said) => {
      const bad = place.write('bad.gz', bytes());
      const { exitCode, error } = await place.refusal('runs', 'import', bad);
      expect({ exitCode, code: error.code }).toEqual({ exitCode: 2, code: 'run-file-invalid' });
      expect(error.message).toMatch(said);
      expect(error.message).toContain('bad.gz');
    });

    test('an answer that was altered with a checksum of the file that fits', async () => {
      const forged = rewritten((lines) => {
        const at = lines.findIndex((line) => line.startsWith('{"recording"') && line.includes('0.8'));
        lines[at] = lines[at]!.replace('0.8', '0.9');
      });
      const { error } = await place.refusal('runs', 'import', place.write('forged.gz', forged));
      expect(error.code).toBe('recording-altered');
    });

    test('and nothing is kept of any', () => expectNothing(place));

    test('a file that is not there, and a folder', async () => {
      expect((await place.refusal('runs', 'import', 'nowhere.gz')).error.code).toBe('file-not-found');
      expect((await place.refusal('runs', 'import', place.home)).error.code).toBe('file-unreadable');
    });
  });

  test('a run that never ended, or is not there, is not exported', async () => {
    const place = openWorkplace();
    const start = place.begin('demo', '--once');
    await start.says(/^run (\S+)$/m);
    start.signal('SIGKILL');
    const { stderr } = await start.ended;
    const run = /^run (\S+)$/m.exec(stderr)?.[1] ?? '';
    const { exitCode, error } = await place.refusal('runs', 'export', run);
    expect({ exitCode, code: error.code }).toEqual({ exitCode: 1, code: 'run-failed' });
    expect(error.hint).toContain(`orrery run --resume ${run}`);
    expect((await place.refusal('runs', 'export', 'nobody')).error.code).toBe('run-not-found');
  });

  test('an import that is killed leaves nothing, and is done again', async () => {
    const place = openWorkplace();
    const long = await place.json(runDocument, 'demo', '--once');
    const { file: big } = await place.json(exported, 'runs', 'export', long.run);
    const bytes = readFileSync(big);
    const fresh = openWorkplace();
    const pipe = fresh.write('pipe/pipe', '');
    rmSync(pipe);
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    const command = fresh.begin('runs', 'import', pipe);
    // It is read once to be checked; the second time all but its end goes through, which is never to come.
    await writeFile(pipe, bytes);
    const second = await open(pipe, 'w');
    await second.write(bytes.subarray(0, -1));
    command.signal('SIGKILL');
    expect((await command.ended).exitCode).toBe(null);
    await second.close();
    expect(await fresh.json(runSummaries, 'runs', 'list')).toEqual([]);
    expect((await fresh.json(imported, 'runs', 'import', big)).status).toBe('imported');
    const again = await fresh.json(exported, 'runs', 'export', long.run);
    expect(readFileSync(again.file).equals(bytes)).toBe(true);
  });
});
