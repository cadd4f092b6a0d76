import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OrreryError } from '../core/index.ts';
import { listDesks, readDesk, readDeskFile, resolveDesk } from './desk-file.ts';
import { unavailableFeatures } from './desk-schema.ts';

const shipped = new URL('../../desks/', import.meta.url).pathname;

/** Stands in for the registry of moons, which is somebody else's. */
function checkMoon(name: string): void {
  if (/^(ema|rsi|bollinger|adx|atr)-\d+$|^macd$/.test(name)) return;
  throw new OrreryError('moon-unknown', `there is no moon "${name}"`, { hint: 'Did you mean ema-50?' });
}

const contract = `desk: solar
instruments: [SYN-A]
timeframe: 1h
capital: 10000
broker: { kind: simulated, feeBps: 10, spreadBps: 2, slippageBps: 0 }
limits: { riskPerTradePct: 2, portfolioRiskPct: 10, positionPct: 50, stopDistancePct: 5, drawdownPct: 20, lossStreak: 5, leverage: 1 }
agents:
  - { name: technical, role: technical, decider: [llm, rules], profile: analyst, moons: [ema-50, ema-200, rsi-14, macd, bollinger-20, adx-14, atr-14], every: 1 bar }
  - { name: sentiment, role: sentiment, decider: [llm, rules], profile: analyst, sources: [news], every: 4h, required: false }
  - { name: risk, role: risk-officer, decider: [llm, rules], profile: risk, depends_on: [technical, sentiment] }
chief: { role: chief, ladder: [primary, backup, council, cache, rules, hold], profile: chief, backup: chief-backup, depends_on: [technical, sentiment, risk] }
execution: { role: execution, decider: [rules] }
`;

const smallest = `desk: small
instruments: [BTCUSDT]
timeframe: 1d
capital: 500.5
agents:
  - { name: chart, role: technical }
  - { name: watch, role: risk-officer }
chief: {}
`;

const read = (text: string) => readDesk(text, 'x.yaml', checkMoon);

describe('a desk', () => {
  test('as documented becomes a spec, word for word', () => {
    const spec = read(contract);
    expect(spec).toMatchObject({
      name: 'solar',
      instruments: ['SYN-A'],
      timeframe: '1h',
      capital: 10_000,
      broker: { kind: 'simulated', feeBps: 10, spreadBps: 2, slippageBps: 0 },
      chief: {
        ladder: ['primary', 'backup', 'council', 'cache', 'rules', 'hold'],
        profile: 'chief',
        backup: 'chief-backup',
        dependsOn: ['technical', 'sentiment', 'risk'],
      },
      execution: { decider: ['rules'] },
    });
    expect(spec.agents[1]).toEqual({
      name: 'sentiment',
      role: 'sentiment',
      decider: ['llm', 'rules'],
      profile: 'analyst',
      moons: [],
      sources: ['news'],
      every: { kind: 'duration', ms: 4 * 3_600_000 },
      required: false,
      dependsOn: [],
    });
  });

  test('that ships under desks/ is the documented one', () => {
    const file = join(shipped, 'solar.yaml');
    const text = readFileSync(file, 'utf8');
    expect(readDeskFile(file, checkMoon)).toEqual({ file, text, spec: read(contract) });
  });

  test('may leave out what has a default', () => {
    const spec = read(smallest);
    // Costs stay unwritten: they follow from the asset class, which the data tells.
    expect(spec.broker).toEqual({ kind: 'simulated' });
    expect(spec.limits).toEqual(read(contract).limits);
    expect(spec.agents[0]).toMatchObject({
      profile: 'analyst',
      every: { kind: 'bars', bars: 1 },
      required: true,
    });
    expect(spec.agents[1]).toMatchObject({ profile: 'risk', dependsOn: ['chart'] });
    expect(spec.chief).toEqual({
      ladder: ['primary', 'backup', 'rules', 'hold'],
      profile: 'chief',
      backup: null,
      dependsOn: ['chart', 'watch'],
    });
    expect(spec.execution.decider).toEqual(['rules']);
  });

  test('that writes one limit keeps the others', () => {
    const spec = read(
      `${smallest}limits: { stopDistancePct: 0.1 }\nbroker: { kind: simulated, feeBps: 0 }\n`,
    );
    expect(spec.limits).toEqual({ ...read(contract).limits, stopDistancePct: 0.1 });
    expect(spec.broker).toEqual({ kind: 'simulated', feeBps: 0 });
  });

  test('may ask for what comes later, and is told', () => {
    expect(unavailableFeatures(read(contract))).toEqual(['ladder rung council', 'ladder rung cache']);
    const later = smallest.replace('role: technical', 'role: order-book, decider: [model, rules]');
    expect(unavailableFeatures(read(later))).toEqual([
      'role order-book (agent chart)',
      'decider model (agent chart)',
    ]);
  });
});

describe('a wrong desk is refused with its line', () => {
  const edited = (from: string, to: string) => contract.replace(from, to);
  test.each([
    ['unknown key', edited('limits:', 'limts:'), '6:1: unknown key `limts`; did you mean `limits`?'],
    [
      'unknown limit',
      edited('lossStreak', 'lossStreaks'),
      '6:107: unknown key `lossStreaks` in `limits`; did you mean `lossStreak`?',
    ],
    ['unknown agent key', edited('depends_on', 'dependsOn'), '10:77: unknown key `dependsOn` in `agents[2]`'],
    [
      'negative capital',
      edited('capital: 10000', 'capital: -1'),
      '4:10: `capital`: expected a number > 0 and at most 1e15, got -1',
    ],
    ['capital in words', edited('10000', 'lots'), '4:10: `capital`: expected a number > 0 and at most 1e15'],
    ['missing capital', edited('capital: 10000\n', ''), '1:1: `capital` is missing; expected a number > 0'],
    ['all the money there is', edited('10000', '1.797e308'), 'and at most 1e15, got 1.797e+308'],
    [
      'wrong type',
      edited('required: false', 'required: perhaps'),
      '9:120: `agents[1].required`: expected true or false, got "perhaps"',
    ],
    [
      'no such role',
      edited('role: sentiment', 'role: sentimnt'),
      'expected one of technical, sentiment, risk-officer, order-book, trend-following, mean-reversion, events, got "sentimnt"; did you mean `sentiment`?',
    ],
    ['no such rung', edited('backup, council', 'backups, council'), 'did you mean `backup`?'],
    [
      'rung twice',
      edited('council, cache', 'backup, cache'),
      '`chief.ladder[2]`: `backup` is written twice; keep one',
    ],
    ['no rung', edited('[primary, backup, council, cache, rules, hold]', '[]'), '`chief.ladder` is empty'],
    [
      'timeframe',
      edited('timeframe: 1h', 'timeframe: hourly'),
      '3:12: `timeframe`: expected a timeframe such as 5m, 1h or 1d, at most 9999w, got "hourly"',
    ],
    [
      'cadence',
      edited('every: 4h', 'every: 0 bars'),
      '`agents[1].every`: expected `1 bar`, `5 bars` or a timeframe',
    ],
    ['rare cadence', edited('every: 1 bar', 'every: 1000000 bars'), 'at most `999999 bars` or `9999w`, got'],
    ['broker', edited('kind: simulated', 'kind: imaginary'), '5:17: `broker.kind`: expected simulated, got'],
    [
      'costs',
      edited('feeBps: 10', 'feeBps: -1'),
      '5:36: `broker.feeBps`: expected basis points from 0 to 5000',
    ],
    ['number as symbol', edited('[SYN-A]', '[600519]'), '2:15: `instruments[0]`: expected a symbol such as'],
    ['path as symbol', edited('[SYN-A]', '["<b>"]'), '2:15: `instruments[0]`: expected a symbol such as'],
    [
      'no agents',
      smallest.replace(/agents:[\s\S]*chief/, 'agents: []\nchief'),
      'expected a list of 1 to 200 agents, got a list of 0',
    ],
    [
      'too many agents',
      smallest.replace(
        /agents:[\s\S]*chief/,
        `agents:\n${'  - { name: a, role: sentiment }\n'.repeat(201)}chief`,
      ),
      'expected a list of 1 to 200 agents, got a list of 201',
    ],
    ['agent name', edited('name: technical', 'name: tech.nical'), '8:13: `agents[0].name`: expected a name'],
    ['empty', '', '1:1: the file is empty'],
  ])('%s', (_, text, part) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'desk-invalid', message: expect.stringContaining(part) }),
    );
  });

  test.each([
    ['unknown moon', 'moon-unknown', edited('rsi-14', 'rsl-14'), 'x.yaml:8:107: there is no moon "rsl-14"'],
    [
      'duplicate agent',
      'agents-invalid',
      edited('name: sentiment', 'name: technical'),
      'x.yaml:9:13: two agents are named `technical`',
    ],
    [
      'cycle',
      'agents-invalid',
      edited('every: 1 bar', 'depends_on: [risk]'),
      'x.yaml:8:164: agents wait for each other: technical → risk → technical',
    ],
    [
      'missing agent',
      'agents-invalid',
      edited('depends_on: [technical, sentiment] }', 'depends_on: [technical, sentimnt] }'),
      'agent `risk` depends on `sentimnt`, which does not exist; did you mean `sentiment`?',
    ],
    [
      "the chief's stranger",
      'agents-invalid',
      edited('sentiment, risk]', 'sentiment, rick]'),
      'the chief depends on `rick`, which does not exist; did you mean `risk`?',
    ],
    [
      'taken name',
      'agents-invalid',
      edited('name: sentiment', 'name: chief'),
      'no agent can be named `chief`: the desk uses that word itself',
    ],
  ])('%s', (_, code, text, part) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part), hint: expect.any(String) }),
    );
  });
});

describe('finding a desk', () => {
  let folder = '';
  let own = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-desks-'));
    own = join(folder, 'desks');
    mkdirSync(own);
    writeFileSync(join(own, 'mine.yml'), smallest);
    writeFileSync(join(own, 'notes.txt'), 'no desk');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("by name in the project's folder, then among the shipped ones", () => {
    const folders = [own, shipped, join(folder, 'absent'), join(own, 'notes.txt')];
    expect(listDesks(folders)).toEqual([
      { name: 'mine', file: join(own, 'mine.yml') },
      { name: 'solar', file: join(shipped, 'solar.yaml') },
    ]);
    expect(resolveDesk('solar', folders)).toBe(join(shipped, 'solar.yaml'));
    writeFileSync(join(own, 'solar.yaml'), smallest);
    expect(resolveDesk('solar', folders)).toBe(join(own, 'solar.yaml'));
  });

  test('by path, or by desks/NAME.yaml where there is no such file', () => {
    const path = join(own, 'mine.yml');
    expect(resolveDesk(path, [])).toBe(path);
    expect(resolveDesk('/nowhere/desks/solar.yaml', [shipped])).toBe(join(shipped, 'solar.yaml'));
    expect(() => resolveDesk('/nowhere/else/solar.yaml', [shipped])).toThrow('there is no desk');
  });

  test('that is not there names the nearest', () => {
    expect(() => resolveDesk('solr', [shipped])).toThrow(
      expect.objectContaining({
        code: 'desk-not-found',
        message: 'there is no desk `solr`; did you mean `solar`?',
        hint: expect.stringContaining('Desks: solar.'),
      }),
    );
  });

  test('a folder or a large file is found and then refused', () => {
    expect(() => readDeskFile(resolveDesk(folder, []), checkMoon)).toThrow(
      expect.objectContaining({ code: 'file-unreadable' }),
    );
    const large = join(folder, 'large.yaml');
    writeFileSync(large, Buffer.alloc(10_000_000, '#'));
    expect(() => readDeskFile(resolveDesk(large, []), checkMoon)).toThrow(
      expect.objectContaining({ code: 'desk-invalid', message: expect.stringContaining('larger than 1 MB') }),
    );
  });
});

test('the page of the desk file names every key', () => {
  const page = readFileSync(new URL('../../docs/desk-file.md', import.meta.url), 'utf8');
  const keys = [...contract.matchAll(/([A-Za-z_]+):/g)].map(([, key]) => key);
  for (const key of new Set(keys)) expect(page).toContain(`\`${key}\``);
});
