import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import { parseMoon } from '../agents/index.ts';
import { isoTime, OrreryError } from '../core/index.ts';
import { readDesk } from '../desk/index.ts';
import { createJournal, journalMigrations } from '../journal/index.ts';
import { budgetMigrations, cacheMigrations, recordingMigrations, type UsableProfile } from '../llm/index.ts';
import { createSyntheticMarket } from '../market/index.ts';
import { type Database, migrate, openDatabase } from '../storage/index.ts';
import { answersFromPrompt, startFakeProvider } from '../testing/index.ts';
import { checkRunFile } from './check-run-file.ts';
import { exportRun, type MovePorts } from './export-run.ts';
import { importRun } from './import-run.ts';
import { openMarket } from './open-market.ts';
import { startRun } from './perform-run.ts';
import type { RunSettings } from './run-settings.ts';

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
const warmUpBars = 200;
const askedBars = 8;

const desk = `
desk: small
instruments: [ABC]
timeframe: 1h
capital: 10000
agents:
  - { name: technical, role: technical, moons: [ema-50, ema-200, rsi-14, macd, adx-14, atr-14] }
  - { name: risk, role: risk-officer }
chief: {}
`;

const home = mkdtempSync(join(tmpdir(), 'orrery-import-run-'));
const dataFolder = (run: string) => join(home, 'run-data', run);
const bad = join(home, 'bad.gz');

let database: Database;
let ports: MovePorts;
/** The lines of a run of a model, with its candles, but for the last. */
let lines: readonly string[];
let file: string;

beforeAll(async () => {
  database = await openDatabase({ home, url: null, holder: 'a test', access: 'own' });
  await migrate(database, [
    ...journalMigrations,
    ...recordingMigrations,
    ...budgetMigrations,
    ...cacheMigrations,
  ]);
  ports = { journal: createJournal(database), database, version: '0', dataFolder };
  await performRun('a');
  file = join(home, 'a.gz');
  await exportRun(ports, { run: 'a', file, withData: true });
  lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').slice(0, -1);
});

afterAll(async () => {
  await database.close();
  rmSync(home, { recursive: true });
});

async function performRun(run: string): Promise<void> {
  const server = await startFakeProvider(answersFromPrompt(), {
    usage: { promptTokens: 9, responseTokens: 2 },
  });
  const bars = warmUpBars + 40;
  const { series } = createSyntheticMarket({ seed: 9, symbols: ['SYN-A'], timeframe: '1h', bars, start });
  const [made] = series;
  const rows = Array.from(made!.openTime, (at, index) =>
    [isoTime(at), made!.open[index], made!.high[index], made!.low[index], made!.close[index], 1].join(','),
  );
  const candles = join(home, 'ABC_1h.csv');
  writeFileSync(candles, `time,open,high,low,close,volume\n${rows.join('\n')}\n`);
  const request = {
    data: { kind: 'files', files: [{ symbol: 'ABC', file: candles, format: null }] },
    ...{ from: start + warmUpBars * hour, to: start + (warmUpBars + askedBars) * hour, seed: 9 },
  } as const;
  const market = await openMarket(request);
  const usable: UsableProfile = {
    ...{ name: 'analyst', provider: 'local', model: 'any', temperature: null, maxTokens: null },
  };
  const settings: RunSettings = {
    ...request,
    ...{
      version: '0',
      desk: { name: 'small', text: desk },
      prompts: shippedPrompts,
      record: true,
      replayOf: null,
    },
    hashes: Object.fromEntries(market.instruments.map(({ symbol, sha256 }) => [symbol, sha256])),
    llm: {
      providers: { local: { kind: 'openai-compatible', baseUrl: server.baseUrl, retries: 0 } },
      profiles: { analyst: { provider: 'local', model: 'any', usdPerMillion: { input: 3, output: 15 } } },
    },
    profiles: { analyst: usable, risk: usable, chief: usable },
  };
  const fresh = { run, settings, spec: readDesk(desk, 'small', parseMoon), market };
  const runPorts = {
    ...{ journal: ports.journal, database, environment: {}, observers: [], dataFolder },
    storedKeys: { keyOf: () => null, readableKeys: () => [] },
    notices: { warn: () => undefined, alert: () => undefined },
    trials: { note: () => ({ count: 1, sharpeVariance: 0 }) },
    reportPath: (name: string) => join(home, `${name}.html`),
  };
  await startRun(runPorts, fresh, { stop: new AbortController().signal });
  await server.close();
}

type Line = { [kind: string]: { [column: string]: unknown } };

/** A file of these lines, with an end that fits. */
function written(own: readonly string[]): string {
  const before = `${own.join('\n')}\n`;
  const sha256 = createHash('sha256').update(before).digest('hex');
  writeFileSync(bad, gzipSync(`${before}${JSON.stringify({ end: { sha256, lines: own.length } })}\n`));
  return bad;
}

/** With the first line of a kind changed. */
function withRow(kind: string, change: (row: { [column: string]: unknown }) => void): string {
  const at = lines.findIndex((line) => line.startsWith(`{"${kind}"`));
  const line = JSON.parse(lines[at]!) as Line;
  change(line[kind]!);
  return written(lines.with(at, JSON.stringify(line)));
}

/** As the program does it: first all of it is looked at, then it is taken up. */
async function take(path: string, as: string): Promise<OrreryError | null> {
  try {
    await checkRunFile(path);
    await importRun(ports, { file: path, as });
    return null;
  } catch (thrown) {
    if (thrown instanceof OrreryError) return thrown;
    throw thrown;
  }
}

async function expectRefused(path: string, said: RegExp): Promise<void> {
  const checked = await checkRunFile(path).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(checked).toBeInstanceOf(OrreryError);
  const { code, message } = checked as OrreryError;
  expect({ code, message }).toEqual({ code: 'run-file-invalid', message: expect.stringMatching(said) });
  expect(message).toContain(bad);
  // By itself it keeps nothing either.
  await expect(importRun(ports, { file: path, as: 'bad' })).rejects.toMatchObject({
    code: 'run-file-invalid',
  });
  await expect(ports.journal.findRun('bad')).rejects.toMatchObject({ code: 'run-not-found' });
  expect(existsSync(dataFolder('bad'))).toBe(false);
}

test('a run with its recordings and candles goes in as it is, under any name', async () => {
  expect(new Set(lines.slice(1).map((line) => /^\{"(\w+)"/.exec(line)?.[1]))).toEqual(
    new Set(['run', 'decision', 'detail', 'order', 'fill', 'equity', 'recording', 'candles']),
  );
  expect(await take(file, 'a')).toBe(null);
  expect(await take(file, 'b')).toBe(null);
  expect(existsSync(dataFolder('b'))).toBe(true);
});

describe('refused is a file', () => {
  const detail = (row: { [column: string]: unknown }, change: (head: string) => string) => {
    const block = inflateRawSync(Buffer.from(String(row['packed']), 'base64'));
    const end = 4 + block.readUInt32LE();
    const head = Buffer.from(change(block.toString('utf8', 4, end)));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(head.length);
    row['packed'] = deflateRawSync(Buffer.concat([length, head, block.subarray(end)])).toString('base64');
  };
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

  test.each<[string, string, unknown]>([
    ['equity', 'equity', 1e308],
    ['equity', 'cash', 'NaN'],
    ['equity', 'at', 9e15],
    ['equity', 'at', '2024-01-01'],
    ['equity', 'at', null],
    ['fill', 'price', null],
    ['fill', 'side', 'HOLD'],
    ['fill', 'order_id', 'x'.repeat(5_000)],
    ['order', 'status', 'toString'],
    ['order', 'reason', 'a\0b'],
    ['order', 'quantity', true],
    ['decision', 'number', 2_000_000_000],
    ['decision', 'number', 1.5],
    ['decision', 'reasoning', '\ud800'],
    ['decision', 'block', 7],
    ['decision', 'position', 399],
    ['detail', 'packed', 'no base64!'],
    ['detail', 'packed', 'AAAA'],
    ['detail', 'packed', 7],
    ['run', 'bars', -1],
    ['run', 'bars', 3_000_000_000],
    ['run', 'startedAt', 1e300],
    ['run', 'desk', 'a\0'],
    ['run', 'desk', {}],
    ['run', 'settings', {}],
    ['run', 'document', null],
    ['run', 'checkpoint', 5],
    ['recording', 'run', 'other'],
    ['recording', 'scope', 5],
    ['recording', 'checksum', null],
    ['candles', 'symbol', 'OTHER'],
    ['candles', 'piece', '%%%%'],
  ])('with a %s whose %s is not what a run has, %#', async (kind, column, value) => {
    await expectRefused(
      withRow(kind, (row) => {
        row[column] = value;
      }),
      kind === 'decision' && /block|position/.test(column)
        ? /block|line \d+ /
        : /line \d+ holds what no run has/,
    );
  });

  test.each<[string, () => string, RegExp]>([
    [
      'with a column less',
      () => withRow('equity', (row) => delete row['cash']),
      /line \d+ .*cash is missing/,
    ],
    [
      'with a column more',
      () => withRow('fill', (row) => Object.assign(row, { more: 1 })),
      /a column too many/,
    ],
    [
      'with a row twice',
      () => written(lines.flatMap((line) => (line.startsWith('{"equity"') ? [line, line] : [line]))),
      /line \d+ .*twice/,
    ],
    [
      'with an order twice',
      () =>
        written(
          lines
            .flatMap((line) => (line.startsWith('{"order"') ? [line, line] : [line]))
            .map((line) => line.replace(/"order":(\d+),"fill"/, (_, n) => `"order":${2 * n},"fill"`)),
        ),
      /line \d+/,
    ],
    ['with rows of nothing known', () => written([...lines, '{"__proto__":{}}']), /not in its place/],
    ['that begins with no run', () => written(lines.toSpliced(1, 1)), /line 2 .*not in its place/],
    ['with two runs', () => written([lines[0]!, lines[1]!, ...lines.slice(1)]), /line 3 .*not in its place/],
    ['with a line that is no JSON', () => written(lines.with(5, '{"decision":NaN}')), /line 6 .*no JSON/],
    ['with a line that is a list', () => written(lines.with(5, '[]')), /line 6 .*no row/],
    [
      'nested without end',
      () => written(lines.with(1, lines[1]!.replace('"settings":{', `"settings":{"deep":${nested},`))),
      /line 2 .*nested/,
    ],
    [
      'with details nested without end',
      () =>
        withRow('detail', (row) =>
          detail(row, (head) => head.replace('"inputs":{', `"inputs":{"deep":${nested},`)),
        ),
      /nested/,
    ],
    [
      'with orders of another run in its details',
      () =>
        withRow('detail', (row) =>
          detail(row, (head) => head.replace(/"id":"a\.(\d+)\.order"/, '"id":"c.$1.order"')),
        ),
      /another run/,
    ],
    [
      'with details that are others',
      () =>
        withRow('detail', (row) => detail(row, (head) => head.replace('"keyFactors":[', '"keyFactors":[5,'))),
      /keyFactors/,
    ],
    [
      'of a market that takes a machine to make',
      () =>
        withRow('run', (row) =>
          Object.assign(row['settings'] as object, {
            data: { kind: 'synthetic', market: { symbols: ['A'], timeframe: '1h', bars: 1e12, start } },
          }),
        ),
      /data/,
    ],
    [
      'of other candles than it names',
      () => written(lines.with(0, lines[0]!.replace(/"bytes":\d+/, '"bytes":5'))),
      /candles of ABC are others/,
    ],
    [
      'whose document says nothing',
      () => withRow('run', (row) => Object.assign(row['document'] as object, { evidence: 5 })),
      /line 2 .*evidence/,
    ],
  ])('%s', (_, path, said) => {
    // An order that is there twice is seen by the database alone.
    return _ === 'with an order twice' ? expectTwice(path(), said) : expectRefused(path(), said);
  });

  async function expectTwice(path: string, said: RegExp): Promise<void> {
    const error = await take(path, 'bad');
    expect(error?.code).toBe('run-file-invalid');
    expect(error?.message).toMatch(said);
    expect(existsSync(dataFolder('bad'))).toBe(false);
  }

  test('that unpacks to far more than a run does, before it is unpacked', async () => {
    const room = Buffer.alloc(80 * 1024 * 1024, ' ');
    writeFileSync(bad, gzipSync(Buffer.concat([Buffer.from(`${lines[0]}\n`), room]), { level: 1 }));
    await expectRefused(bad, /unpacks to far more|longer than any/);
    const bomb = deflateRawSync(Buffer.alloc(100 * 1024 * 1024));
    await expectRefused(
      withRow('detail', (row) => {
        row['packed'] = bomb.toString('base64');
      }),
      /far too much/,
    );
  });
});

test('whatever is changed in a file, it is taken up or refused for what it is', async () => {
  const values = [
    null,
    true,
    -1,
    0,
    1e308,
    9e15,
    -1e-320,
    2 ** 31,
    '',
    'NaN',
    'a\0b',
    '\ud800',
    'x'.repeat(9_999),
    [],
    {},
    [[]],
  ];
  const where = fc.record({ pick: fc.nat(), path: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }) });
  const how = fc.oneof(
    fc.constantFrom<unknown>(...values).map((value) => ({ kind: 'set', value }) as const),
    fc.constant({ kind: 'delete' } as const),
    fc.constant({ kind: 'drop' } as const),
    fc.constant({ kind: 'repeat' } as const),
  );
  const few = [
    0,
    ...['run', 'decision', 'detail', 'order', 'fill', 'equity', 'recording', 'candles'].map((kind) =>
      lines.findIndex((line) => line.startsWith(`{"${kind}"`)),
    ),
  ];
  const codes = new Set<string | null>();
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(where, how, async ({ pick, path }, change) => {
      const at = few[pick % few.length]!;
      const own = [...lines];
      if (change.kind === 'drop') own.splice(at, 1);
      else if (change.kind === 'repeat') own.splice(at, 0, own[at]!);
      else own[at] = mutated(own[at]!, path, change);
      const error = await take(written(own), `f${taken}`);
      if (error === null) taken += 1;
      codes.add(error?.code ?? null);
      expect([null, 'run-file-invalid', 'recording-altered']).toContain(error?.code ?? null);
    }),
    { numRuns: 150, seed: 5 },
  );
  expect(codes.has('run-file-invalid')).toBe(true);
});

/** The value that a way through keys leads to, changed or taken away. */
function mutated(
  line: string,
  path: readonly number[],
  change: { readonly kind: 'delete' } | { readonly kind: 'set'; readonly value: unknown },
): string {
  const root: { [key: string]: unknown } = JSON.parse(line);
  let holder: { [key: string]: unknown } = root;
  for (const [step, pick] of path.entries()) {
    const keys = Object.keys(holder);
    const key = keys[pick % keys.length];
    if (key === undefined) break;
    const inner = holder[key];
    if (
      step < path.length - 1 &&
      typeof inner === 'object' &&
      inner !== null &&
      Object.keys(inner).length > 0
    ) {
      holder = inner as typeof holder;
      continue;
    }
    if (change.kind === 'delete') delete holder[key];
    else holder[key] = change.value;
    break;
  }
  return JSON.stringify(root);
}
