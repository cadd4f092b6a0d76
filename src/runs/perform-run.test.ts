import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryJournal } from '../../test/memory-journal.ts';
import { shippedPrompts } from '../../test/shipped-prompts.ts';
import { parseMoon, readPrompt } from '../agents/index.ts';
import { readDesk } from '../desk/index.ts';
import type { Journal } from '../journal/index.ts';
import { recordingMigrations, type UsableProfile } from '../llm/index.ts';
import { type Database, migrate, openDatabase } from '../storage/index.ts';
import { answersFromPrompt, type FakeProvider, promptOf, startFakeProvider } from '../testing/index.ts';
import { openMarket } from './open-market.ts';
import { type NewRun, type RunEnding, type RunPorts, replayRun, resumeRun, startRun } from './perform-run.ts';
import type { RunSettings } from './run-settings.ts';

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
const warmUpBars = 200;
const bars = 40;
const askedBars = 10;

const desk = `
desk: small
instruments: [SYN-A, SYN-B]
timeframe: 1h
capital: 10000
agents:
  - { name: technical, role: technical, moons: [ema-50, ema-200, rsi-14, macd, adx-14, atr-14] }
  - { name: sentiment, role: sentiment, sources: [news], every: 4h, required: false }
  - { name: risk, role: risk-officer }
chief: { backup: chief-backup }
`;

const folder = mkdtempSync(join(tmpdir(), 'orrery-perform-run-'));
let database: Database;
beforeAll(async () => {
  database = await openDatabase({ home: folder, url: null, holder: 'a test', access: 'own' });
  await migrate(database, recordingMigrations);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

let server: FakeProvider;
beforeEach(async () => {
  await database.query('delete from orrery_recording');
  server = await startFakeProvider(answersFromPrompt(), {
    usage: { promptTokens: 100, responseTokens: 20 },
  });
});
afterEach(() => server.close());

const portsOf = (journal: Journal): RunPorts => ({
  ...{ journal, database, environment: {} },
  storedKeys: { keyOf: () => null, readableKeys: () => [] },
  notices: { warn: () => undefined, alert: () => undefined },
  trials: { note: () => ({ count: 1, sharpeVariance: 0 }) },
  observers: [],
  reportPath: (run) => `/reports/${run}.html`,
  dataFolder: (run) => `/run-data/${run}`,
});

async function freshRun(run: string, models: boolean): Promise<NewRun> {
  const market = { symbols: ['SYN-A', 'SYN-B'], timeframe: '1h', bars: warmUpBars + bars, start } as const;
  const request = {
    data: { kind: 'synthetic', market },
    from: start + warmUpBars * hour,
    // Questions take their time, so fewer bars have to do.
    to: models ? start + (warmUpBars + askedBars) * hour : null,
    seed: 9,
  } as const;
  const opened = await openMarket(request);
  const usable: UsableProfile = {
    ...{ name: 'analyst', provider: 'local', model: 'any', temperature: null, maxTokens: null },
  };
  const profiles = Object.fromEntries(
    ['analyst', 'risk', 'chief', 'chief-backup'].map((name) => [name, models ? usable : null]),
  );
  const settings: RunSettings = {
    ...request,
    ...{
      version: '0',
      desk: { name: 'small', text: desk },
      prompts: shippedPrompts,
      record: true,
      replayOf: null,
    },
    hashes: Object.fromEntries(opened.instruments.map(({ symbol, sha256 }) => [symbol, sha256])),
    llm: {
      providers: { local: { kind: 'openai-compatible', baseUrl: server.baseUrl, retries: 0 } },
      profiles: { analyst: { provider: 'local', model: 'any', usdPerMillion: { input: 3, output: 15 } } },
    },
    profiles,
  };
  return { run, settings, spec: readDesk(desk, 'small', parseMoon), market: opened };
}

const undisturbed = { stop: new AbortController().signal };

/** Ends the run after `steps` instants: in good order, or as a kill does, which leaves only what was written. */
function cutAfter(steps: number, how: 'stopped' | 'killed') {
  const controller = new AbortController();
  let seen = 0;
  return {
    stop: controller.signal,
    onStep() {
      if (++seen < steps) return;
      if (how === 'killed') throw new Error('killed');
      controller.abort();
    },
  };
}

/** Interrupts the run while its `nth` question waits for an answer that never comes. */
function cutAtQuestion(nth: number) {
  const controller = new AbortController();
  let asked = 0;
  server.answerWith((request) => {
    if (++asked !== nth) return answersFromPrompt()(request);
    controller.abort();
    return { kind: 'stall' };
  });
  return { stop: controller.signal, onStep: () => undefined };
}

/** What a run came to, without its name and the times of the work. */
function figuresOf(ending: RunEnding) {
  if (ending.kind === 'stopped') throw new Error('the run stopped');
  const { run: _run, timings: _timings, report: _report, replayOf: _replayOf, ...figures } = ending.document;
  return figures;
}

/** The code of the error that a run ends with. */
const codeOf = (ending: Promise<RunEnding>): Promise<string> =>
  ending.then(
    ({ kind }) => kind,
    (thrown: { readonly code?: string }) => thrown.code ?? 'a stranger',
  );

async function recordsOf(journal: Journal, run: string) {
  const rows: unknown[] = [];
  for await (const { latencyMs: _latency, ...record } of journal.records(run)) rows.push(record);
  return rows;
}

async function whole(models: boolean) {
  const journal = memoryJournal();
  const figures = figuresOf(await startRun(portsOf(journal), await freshRun('r', models), undisturbed));
  return { figures, records: await recordsOf(journal, 'r') };
}

async function cutAndResumed(models: boolean, cut: ReturnType<typeof cutAfter>) {
  const journal = memoryJournal();
  const broken = await startRun(portsOf(journal), await freshRun('r', models), cut).then(
    ({ kind }) => kind,
    (thrown: Error) => thrown.message,
  );
  expect(['stopped', 'killed']).toContain(broken);
  const figures = figuresOf(await resumeRun(portsOf(journal), 'r', undisturbed));
  return { figures, records: await recordsOf(journal, 'r') };
}

describe('a run by rules', () => {
  test('decides every bar, trades, and comes to the same twice', async () => {
    const [one, again] = [await whole(false), await whole(false)];
    expect(one.figures).toMatchObject({ bars: 80, decisions: 80, sources: { rules: 80 }, llm: { calls: 0 } });
    expect(one.figures.fills).toBeGreaterThan(2);
    expect(again).toEqual(one);
    expect(server.requests).toEqual([]);
  });

  test('comes to the same after any cut, in good order or by a kill', async () => {
    const expected = await whole(false);
    for (let steps = 1; steps < bars; steps += 3) {
      expect(await cutAndResumed(false, cutAfter(steps, 'stopped')), `after ${steps} steps`).toEqual(
        expected,
      );
    }
    for (const steps of [1, 20, bars]) {
      expect(await cutAndResumed(false, cutAfter(steps, 'killed')), `killed after ${steps}`).toEqual(
        expected,
      );
    }
  });

  test('may be cut again and again', async () => {
    const expected = await whole(false);
    const journal = memoryJournal();
    await startRun(portsOf(journal), await freshRun('r', false), cutAfter(3, 'stopped'));
    for (const steps of [1, 7, 2]) {
      expect((await resumeRun(portsOf(journal), 'r', cutAfter(steps, 'stopped'))).kind).toBe('stopped');
    }
    expect(figuresOf(await resumeRun(portsOf(journal), 'r', undisturbed))).toEqual(expected.figures);
    expect(await recordsOf(journal, 'r')).toEqual(expected.records);
  });

  test('that was stopped before its first bar begins at the first bar', async () => {
    const journal = memoryJournal();
    const stopped = { stop: AbortSignal.abort() };
    expect((await startRun(portsOf(journal), await freshRun('r', false), stopped)).kind).toBe('stopped');
    expect(await journal.findRun('r')).toMatchObject({ checkpoint: null, bars: 0 });
    const { figures } = await whole(false);
    expect(figuresOf(await resumeRun(portsOf(journal), 'r', undisturbed))).toEqual(figures);
  });

  test('goes on from where it stands when it is claimed, not from where it stood when it was looked up', async () => {
    const expected = await whole(false);
    const journal = memoryJournal();
    await startRun(portsOf(journal), await freshRun('r', false), cutAfter(10, 'stopped'));
    let raced = false;
    const racing: Journal = {
      ...journal,
      async claimRun(run) {
        // While this process opened the market another one went on, stopped, and let the run go.
        if (!raced) {
          raced = true;
          await resumeRun(portsOf(journal), run, cutAfter(10, 'stopped'));
        }
        await journal.claimRun(run);
      },
    };
    expect(figuresOf(await resumeRun(portsOf(racing), 'r', undisturbed))).toEqual(expected.figures);
    expect(await recordsOf(journal, 'r')).toEqual(expected.records);
  });

  test('that is done gives its document again and does nothing', async () => {
    const journal = memoryJournal();
    const ending = await startRun(portsOf(journal), await freshRun('r', false), undisturbed);
    const frozen: Journal = { ...journal, append: () => Promise.reject(new Error('nothing may be written')) };
    const named: string[] = [];
    const again = await resumeRun(portsOf(frozen), 'r', { ...undisturbed, onRun: (run) => named.push(run) });
    expect(again).toMatchObject({ kind: 'was-done', document: figuresOf(ending) });
    expect(named).toEqual(['r']);
  });

  test('that is done gives what its report is made of when that is gone', async () => {
    const journal = memoryJournal();
    const done = await startRun(portsOf(journal), await freshRun('r', false), undisturbed);
    const again = await resumeRun(portsOf(journal), 'r', undisturbed);
    if (done.kind !== 'done' || again.kind !== 'was-done') throw new Error('the run is not done');
    const { tally, portfolio, capital } = done.view;
    expect(again.view).toMatchObject({ tally, capital });
    expect(again.view?.portfolio.positions()).toEqual(portfolio.positions());
    expect(again.view?.usage()).toEqual(done.view.usage());

    const there = join(folder, 'there.html');
    writeFileSync(there, '');
    const kept = await resumeRun({ ...portsOf(journal), reportPath: () => there }, 'r', undisturbed);
    expect(kept).toMatchObject({ document: { report: there }, view: null });
  });

  test('that is done says when its report is gone for good', async () => {
    const journal = memoryJournal();
    const fresh = await freshRun('r', false);
    const settings = { ...fresh.settings, hashes: { ...fresh.settings.hashes, 'SYN-A': 'another' } };
    await startRun(portsOf(journal), { ...fresh, settings }, undisturbed);
    const alerts: string[] = [];
    const notices = { warn: () => undefined, alert: (text: string) => void alerts.push(text) };
    const again = await resumeRun({ ...portsOf(journal), notices }, 'r', undisturbed);
    expect(again).toMatchObject({ kind: 'was-done', document: { report: null }, view: null });
    expect(alerts).toEqual([expect.stringMatching(/report of run r is gone.*SYN-A/)]);
  });

  test('whose rows were altered is named', async () => {
    const journal = memoryJournal();
    const { settings } = await freshRun('r', false);
    await startRun(portsOf(journal), await freshRun('r', false), undisturbed);
    const found = await journal.findRun('r');
    const altered = (change: object): RunPorts =>
      portsOf({ ...journal, findRun: async () => ({ ...found, ...change }) });
    const named = { code: 'database-failed', retryable: false, message: expect.stringContaining('run r ') };
    const document = await resumeRun(portsOf(journal), 'r', undisturbed).then(figuresOf);
    for (const change of [{}, { ...document, metrics: {} }, { ...document, from: 5 }, null]) {
      const again = resumeRun(altered({ document: change }), 'r', undisturbed);
      await expect(again, JSON.stringify(change)).rejects.toMatchObject(named);
    }
    const unfinished = { status: 'failed', checkpoint: {} };
    await expect(resumeRun(altered(unfinished), 'r', undisturbed)).rejects.toMatchObject(named);
    for (const change of [
      { from: 'zz' },
      { to: 1e300 },
      { prompts: {} },
      { prompts: { ...settings.prompts, 'technical.md': 'Say something.' } },
      { desk: { name: 'small', text: 'desk: [' } },
      { desk: { name: 'small', text: desk.replace('ema-50', 'ema-x') } },
      { data: { kind: 'synthetic', market: {} } },
      { llm: { providers: { local: null }, profiles: {} } },
      { profiles: { analyst: 5 } },
    ]) {
      const again = replayRun(altered({ settings: { ...settings, ...change } }), 'r', 'again', undisturbed);
      await expect(again, JSON.stringify(change)).rejects.toMatchObject(named);
    }
    expect((await journal.listRuns()).runs).toHaveLength(1);
  });

  test('whose data are others now is refused before it is touched', async () => {
    const journal = memoryJournal();
    const fresh = await freshRun('r', false);
    const settings = { ...fresh.settings, hashes: { ...fresh.settings.hashes, 'SYN-A': 'another' } };
    await startRun(portsOf(journal), { ...fresh, settings }, cutAfter(3, 'stopped'));
    const before = await journal.findRun('r');
    expect(await codeOf(resumeRun(portsOf(journal), 'r', undisturbed))).toBe('data-changed');
    expect(await journal.findRun('r')).toEqual(before);
  });

  test('that fails is written down as failed, with the code', async () => {
    const journal = memoryJournal();
    await expect(
      startRun(portsOf(journal), await freshRun('r', false), cutAfter(3, 'killed')),
    ).rejects.toThrow('killed');
    expect(await journal.findRun('r')).toMatchObject({
      ...{ status: 'failed', hash: null, document: null },
      failure: { code: 'internal', message: 'killed' },
    });
  });

  test('ends with the error of a journal that fails, not with a later one', async () => {
    const journal: Journal = {
      ...memoryJournal(),
      append: () => Promise.reject(new Error('disk full')),
      finishRun: () => Promise.reject(new Error('disk full as well')),
    };
    await expect(startRun(portsOf(journal), await freshRun('r', false), undisturbed)).rejects.toThrow(
      /^disk full$/,
    );
  });
});

describe('a run by models', () => {
  test('of desk solar shows its models everything that its prompts have places for', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../desks/solar.yaml'), 'utf8');
    // Each place between marks of its own, which then stand around what was put there.
    const marked = Object.entries(shippedPrompts).map(([file, prompt]) => [
      file,
      prompt.replace(/\{\{(\w+)\}\}/g, '<$1>{{$1}}</$1>'),
    ]);
    const fresh = await freshRun('r', true);
    const settings = {
      ...fresh.settings,
      desk: { name: 'solar', text },
      prompts: Object.fromEntries(marked),
    };
    const solar = { ...fresh, settings, spec: readDesk(text, 'solar', parseMoon) };
    await startRun(portsOf(memoryJournal()), solar, undisturbed);
    for (const role of ['technical', 'sentiment', 'risk-officer', 'chief']) {
      const asked = server.requests.filter(({ schema }) => schema?.name === role).map(promptOf);
      expect(asked.length, role).toBeGreaterThan(0);
      for (const input of readPrompt(role, shippedPrompts).inputs) {
        const filled = new RegExp(`<${input}>[^{}]*[^{}\\s][^{}]*</${input}>`);
        for (const one of asked) expect(one, `${input} of ${role}`).toMatch(filled);
      }
    }
  });

  test('comes to the same after a cut, and asks and pays nothing twice', async () => {
    const expected = await whole(true);
    const asked = server.requests.length;
    expect(expected.figures.sources.llm).toBeGreaterThan(16);
    expect(expected.figures.llm).toMatchObject({ calls: asked, inputTokens: 100 * asked });
    expect(expected.figures.llm.costUsd).toBeCloseTo(0.0006 * asked, 9);
    for (const cut of [cutAfter(7, 'stopped'), cutAfter(3, 'killed')]) {
      await database.query('delete from orrery_recording');
      const before = server.requests.length;
      expect(await cutAndResumed(true, cut)).toEqual(expected);
      expect(server.requests.length - before).toBe(asked);
    }
  });

  test('comes to the same when it is interrupted in a question, which it does not wait for', async () => {
    const expected = await whole(true);
    for (const nth of [1, 2, 17]) {
      await database.query('delete from orrery_recording');
      expect(await cutAndResumed(true, cutAtQuestion(nth)), `in question ${nth}`).toEqual(expected);
    }
  });

  test('is replayed without a question, from its recordings alone', async () => {
    const journal = memoryJournal();
    const original = figuresOf(await startRun(portsOf(journal), await freshRun('r', true), undisturbed));
    await server.close();
    const replay = figuresOf(await replayRun(portsOf(journal), 'r', 'again', undisturbed));
    expect(replay).toMatchObject({ hash: original.hash, fills: original.fills, equity: original.equity });
    expect(replay.llm).toMatchObject({ costUsd: 0, recordedCostUsd: original.llm.costUsd });
    expect((await journal.findRun('again')).settings).toMatchObject({ replayOf: 'r' });
    // A replay of the replay leads to the origin, which alone has recordings.
    await replayRun(portsOf(journal), 'again', 'third', undisturbed);
    expect((await journal.findRun('third')).settings).toMatchObject({ replayOf: 'r' });
  });

  test('is replayed to the end after a cut, and then held against the original too', async () => {
    const journal = memoryJournal();
    const original = figuresOf(await startRun(portsOf(journal), await freshRun('r', true), undisturbed));
    await server.close();
    for (const as of ['again', 'wrong']) {
      const cut = await replayRun(portsOf(journal), 'r', as, cutAfter(4, 'stopped'));
      expect(cut.kind).toBe('stopped');
    }
    expect(figuresOf(await resumeRun(portsOf(journal), 'again', undisturbed)).hash).toBe(original.hash);
    const found = await journal.findRun('r');
    const { status: _status, ...end } = { ...found, finishedAt: 0, hash: 'another' };
    await journal.finishRun('r', { ...end, status: 'done' });
    expect(await codeOf(resumeRun(portsOf(journal), 'wrong', undisturbed))).toBe('replay-differs');
    expect(await codeOf(replayRun(portsOf(journal), 'r', 'third', undisturbed))).toBe('replay-differs');
  });

  test('that never ended is not replayed', async () => {
    const journal = memoryJournal();
    await startRun(portsOf(journal), await freshRun('r', true), cutAfter(2, 'stopped'));
    expect(await codeOf(replayRun(portsOf(journal), 'r', 'again', undisturbed))).toBe('run-failed');
    expect((await journal.listRuns()).runs).toHaveLength(1);
  });
});
