import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/storage/index.ts';
import { answersFromPrompt, type FakeRequest, promptOf } from '../../src/testing/index.ts';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { type DecisionRecord, decisionRecords, runDocument, shownDecision } from './documents.ts';
import { candles, decidedBars, openModelPlace, openServer, runWords } from './model-place.ts';

describe('a desk whose agents ask a model', () => {
  test('decides by it on every bar, and pays for each call', async () => {
    const server = await openServer(answersFromPrompt());
    const place = openModelPlace({ providers: { local: server.baseUrl } });
    const document = await place.json(runDocument, ...runWords(place, 'a'));
    const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
    const calls = server.requests.length;
    expect(document).toMatchObject({
      decisions: decidedBars,
      sources: { llm: decidedBars, rules: 0 },
      llm: { calls, inputTokens: 100 * calls, outputTokens: 20 * calls, recordedCostUsd: 0 },
    });
    expect(document.llm.costUsd).toBeCloseTo((calls * (100 * 3 + 20 * 15)) / 1e6, 10);
    expect(document.fills).toBeGreaterThan(0);
    for (const record of records.filter(({ source }) => source === 'llm')) {
      expect(record).toMatchObject({ provider: 'local', model: 'scripted', fellBack: false });
      expect(record.rung).toBe(record.kind === 'decision' ? 'primary' : null);
    }
    expect(new Set(records.filter(({ source }) => source === 'llm').map(({ kind }) => kind)).size).toBe(4);
    expectNumbersInPrompts(records, server.requests);
    const decision = records.find(
      ({ kind, source, order }) => kind === 'decision' && source === 'llm' && order !== null,
    );
    const shown = await place.json(shownDecision, 'decisions', 'show', decision?.id ?? '');
    const { system, messages } = server.requests.find((request) =>
      shown.prompt?.includes(request.messages.at(-1)?.content ?? '?'),
    )!;
    for (const { role, content } of [{ role: 'system', content: system }, ...messages])
      expect(shown.prompt).toContain(`${role}:\n${content}`);
    expect(JSON.parse(shown.answer ?? '')).toMatchObject({
      action: shown.action,
      reasoning: shown.reasoning,
    });
    expect(shown.parentRecords.map(({ id }) => id)).toEqual(shown.parents);
  });

  test('hears every source a desk lists, with the news in its prompt', async () => {
    const server = await openServer(answersFromPrompt());
    const place = openModelPlace({ providers: { local: server.baseUrl } });
    // The synthetic market of the desk begins to be traded at 2024-01-11 10:00.
    const document = await place.json(
      runDocument,
      'run',
      'solar',
      '--to',
      '2024-01-12T10:00:00Z',
      '--id',
      'a',
    );
    expect(document).toMatchObject({ bars: 24, decisions: 24 });
    const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
    const tones = records.filter(({ agent }) => agent === 'sentiment');
    // On the first bar, then every four hours.
    const hours = tones.map(({ at }) => new Date(at).getUTCHours());
    expect(hours).toEqual([11, 12, 16, 20, 0, 4, 8]);
    for (const tone of tones) expect(tone).toMatchObject({ kind: 'signal', source: 'llm' });
    const asked = server.requests.filter(({ schema }) => schema?.name === 'sentiment');
    expect(asked).toHaveLength(tones.length);
    for (const request of asked) expect(promptOf(request)).toMatch(/^\[e\d+\] news-score = -?[\d.]+ score$/m);
    expectNumbersInPrompts(records, server.requests);
  });

  test('decides otherwise when one close crosses a line the model goes by', async () => {
    const server = await openServer(answersFromPrompt());
    const place = openModelPlace({ providers: { local: server.baseUrl } });
    // Rising prices: the scripted analyst buys while rsi-14 is under 70, and the last bar decides on which side it is.
    const rising = walkingCandles({ seed: 5, bars: 250, volatilityPct: 0.3 }).map((row, index) => {
      const price = 100 + index * 0.02 + (index % 2 === 0 ? 0.05 : -0.05);
      return { ...row, open: price, high: price + 3, low: price - 3, close: price };
    });
    const moved = rising.map((row, index) => (index === 249 ? { ...row, close: row.close + 2 } : row));
    const outcomes = [];
    for (const [id, rows] of [
      ['a', rising],
      ['b', moved],
    ] as const) {
      const { hash } = await place.json(runDocument, ...runWords(place, id, rows));
      const signals = await place.json(
        decisionRecords,
        'decisions',
        'list',
        '--run',
        id,
        '--agent',
        'technical',
      );
      const last = signals.filter(({ kind }) => kind === 'signal').at(-1)!;
      const rsi = last.evidence.find(({ name }) => name === 'rsi-14')!.value!;
      outcomes.push({ hash, action: last.action, above: rsi > 70 });
    }
    expect(outcomes).toMatchObject([
      { action: 'BUY', above: false },
      { action: 'HOLD', above: true },
    ]);
    expect(outcomes[0]?.hash).not.toBe(outcomes[1]?.hash);
  });

  test('comes to the same whatever order its answers come in', async () => {
    const steady = await openServer(answersFromPrompt());
    const failedOnce = new Set<string>();
    // The prompts of one instrument are answered at the second try only, so the other's answers overtake them.
    const shaky = await openServer((request) => {
      const asked = JSON.stringify(request.messages);
      if (!asked.includes('Instrument ONE') || failedOnce.has(asked)) return answersFromPrompt()(request);
      failedOnce.add(asked);
      return { kind: 'reset' };
    });
    const from = candles.at(-10)!.time;
    const hashes = [];
    for (const { baseUrl } of [steady, shaky]) {
      const place = openModelPlace({ providers: { local: baseUrl }, retries: 2 });
      const data = [
        ['--data', place.write('ONE_1h.csv', candleCsv(candles))],
        ['--data', place.write('TWO_1h.csv', candleCsv(walkingCandles({ seed: 6, bars: 250 })))],
      ].flat();
      hashes.push((await place.json(runDocument, 'run', 'solar', ...data, '--from', from)).hash);
    }
    expect(failedOnce.size).toBeGreaterThan(10);
    expect(hashes[0]).toBe(hashes[1]);
  });
});

test('a key that its server spells in escapes is nowhere in what is kept and shown', async () => {
  const key = 'sk/never-to-be-shown-4711';
  const spelt = [...key].map((one) => `\\u00${one.charCodeAt(0).toString(16)}`).join('');
  // One agent says the key, another gives an answer that does not fit by that name.
  const server = await openServer((request) => {
    const reply = answersFromPrompt()(request);
    if (reply.kind !== 'answer') return reply;
    const answer = JSON.stringify({ ...reply.answer, reasoning: 'KEY' });
    const isChief = request.schema?.name === 'chief';
    return {
      kind: 'text',
      text: isChief ? answer.replace('{', `{"${spelt}":0,`) : answer.replace('KEY', spelt),
    };
  });
  const place = openModelPlace(
    { providers: { local: server.baseUrl }, apiKeyEnv: 'LOCAL_KEY' },
    { LOCAL_KEY: key },
  );
  const { stdout, stderr } = await place.run(...runWords(place, 'a'), '--json');
  const { report, hash, sources } = runDocument.parse(JSON.parse(stdout));
  expect(sources.rules).toBe(decidedBars);
  const records = await place.json(decisionRecords, 'decisions', 'list', '--run', 'a');
  const said = records.find(({ source }) => source === 'llm')!;
  expect(said.reasoning).toBe('[redacted]');
  const shown = await place.run('decisions', 'show', said.id, '--json');
  const database = await openDatabase({ home: place.home, url: null, holder: 'the tests', access: 'own' });
  const recordings = await database.query('select request, outcome from orrery_recording');
  await database.close();
  const kept = [
    stdout,
    stderr,
    shown.stdout,
    readFileSync(report!, 'utf8'),
    ...[records, recordings].map((rows) => JSON.stringify(rows)),
  ];
  // JSON within JSON has more backslashes.
  const bare = (text: string) => text.replaceAll('\\', '');
  for (const text of kept) for (const form of [key, spelt]) expect(bare(text)).not.toContain(bare(form));
  expect((await place.json(runDocument, 'run', '--replay', 'a')).hash).toBe(hash);
});

/** Each record a model made had all of its evidence before it, one number to a line, and nothing else was offered for citing. */
function expectNumbersInPrompts(records: readonly DecisionRecord[], requests: readonly FakeRequest[]): void {
  const prompts = requests.map((request) => ({
    lines: new Set(promptOf(request).split('\n')),
    offered: request.schema?.schema.properties?.['keyFactors']?.items?.properties?.['evidence']?.items?.enum,
  }));
  const asking = records.filter(({ source, kind }) => source === 'llm' && kind !== 'proposal');
  expect(asking.length).toBeGreaterThan(0);
  for (const { evidence, missing } of asking) {
    const lines = evidence.map(({ id, name, value, unit }) =>
      value === null
        ? `[${id}] ${name} missing: ${missing.find((one) => one.name === name)?.reason}`
        : `[${id}] ${name} = ${Number(value.toPrecision(10))}${unit === '' ? '' : ` ${unit}`}`,
    );
    const prompt = prompts.find((one) => lines.every((line) => one.lines.has(line)));
    expect(prompt?.offered, lines.join('\n')).toEqual(evidence.map(({ id }) => id));
  }
}
