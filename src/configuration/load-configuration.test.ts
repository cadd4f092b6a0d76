import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConfigurationRequest, loadConfiguration } from './index.ts';

const contract = `llm:
  providers:
    local: { kind: openai-compatible, baseUrl: "http://127.0.0.1:9999/v1", apiKeyEnv: LOCAL_KEY, timeoutMs: 2000, retries: 2, requestsPerMinute: 600, tokensPerMinute: 200000 }
    claude: { kind: anthropic }
  profiles:
    chief: { provider: claude, model: some-model, fallback: [analyst], temperature: 0.2, maxTokens: 800, usdPerMillion: { input: 3, output: 15 }, knowledgeCutoff: 2025-03-31 }
    analyst: { provider: local, model: any }
  budget: { usdPerCall: 0.05, usdPerRun: 1, usdPerDay: 5 }
`;

let cwd = '';
let user = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'orrery-configuration-'));
  user = join(cwd, 'xdg');
  mkdirSync(join(user, 'orrery'), { recursive: true });
});
afterEach(() => rmSync(cwd, { recursive: true }));

const load = (request: Partial<ConfigurationRequest> = {}) =>
  loadConfiguration({
    cwd,
    environment: { XDG_CONFIG_HOME: user },
    file: null,
    overrides: [],
    ...request,
  });
const write = (file: string, text: string) => writeFileSync(join(cwd, file), text);
const refused = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message), hint: expect.any(String) });

describe('what is read', () => {
  test.each([
    '{ store: memory }',
    '{ store: database, ttl: 7d, maxEntries: 10 }',
    '{ store: redis, ttl: 30s }',
  ])('a cache: %s', (cache) => {
    write('orrery.yaml', `llm: { cache: ${cache} }`);
    expect(load().llm.cache).toMatchObject({ store: expect.stringMatching(/^(memory|database|redis)$/) });
  });

  test('no cache, unless one is named', () => {
    write('orrery.yaml', 'llm: { cache: }');
    expect(load().llm.cache).toBeUndefined();
    write('orrery.yaml', 'llm: { cache: { ttl: 1h } }');
    expect(load).toThrow(refused('configuration-invalid', 'store'));
  });

  test.each([
    ['{ store: disk }', 'memory, database, redis'],
    ['{ store: memory, ttl: 3600 }', 'a length of time such as 30m, 1h or 7d'],
    ['{ store: memory, ttl: 0h }', 'a length of time'],
    ['{ store: memory, maxEntries: 0 }', 'a whole number > 0'],
    ['{ store: redis, maxEntries: 5 }', 'is not for the store redis'],
  ])('not a cache of %s', (cache, words) => {
    write('orrery.yaml', `llm: { cache: ${cache} }`);
    expect(load).toThrow(refused('configuration-invalid', words));
  });

  test('nothing at all is a configuration: everything by rules, state beside the project', () => {
    expect(load({ environment: {} })).toEqual({
      llm: { providers: {}, profiles: {} },
      home: join(cwd, '.orrery'),
      credentials: join(cwd, '.orrery'),
      userFolder: null,
      databaseUrl: null,
      files: [],
    });
    expect(load({ environment: { XDG_CONFIG_HOME: user } }).userFolder).toBe(join(user, 'orrery'));
  });

  test('the documented file, word for word', () => {
    write('orrery.yaml', contract);
    expect(load().llm).toEqual({
      providers: {
        local: {
          kind: 'openai-compatible',
          baseUrl: 'http://127.0.0.1:9999/v1',
          apiKeyEnv: 'LOCAL_KEY',
          timeoutMs: 2000,
          retries: 2,
          requestsPerMinute: 600,
          tokensPerMinute: 200000,
        },
        claude: { kind: 'anthropic' },
      },
      profiles: {
        chief: {
          provider: 'claude',
          model: 'some-model',
          fallback: ['analyst'],
          temperature: 0.2,
          maxTokens: 800,
          usdPerMillion: { input: 3, output: 15 },
          knowledgeCutoff: '2025-03-31',
        },
        analyst: { provider: 'local', model: 'any' },
      },
      budget: { usdPerCall: 0.05, usdPerRun: 1, usdPerDay: 5 },
    });
  });

  test('--config before $ORRERY_CONFIG before ./orrery.yaml', () => {
    const budget = (usdPerRun: number) => `llm: { budget: { usdPerRun: ${usdPerRun} } }`;
    write('orrery.yaml', budget(1));
    write('environment.yaml', budget(2));
    write('option.yaml', budget(3));
    const environment = { ORRERY_CONFIG: 'environment.yaml' };
    expect(load({ environment: { ORRERY_CONFIG: '' } }).llm.budget).toEqual({ usdPerRun: 1 });
    expect(load({ environment }).llm.budget).toEqual({ usdPerRun: 2 });
    const loaded = load({ environment, file: 'option.yaml' });
    expect(loaded.llm.budget).toEqual({ usdPerRun: 3 });
    expect(loaded.files).toEqual([join(cwd, 'option.yaml')]);
  });

  test("the user's file, key by key under the project's", () => {
    write('xdg/orrery/orrery.yaml', contract);
    write(
      'orrery.yaml',
      'llm: { providers: { local: { timeoutMs: 9 } }, profiles: { chief: { fallback: [] } } }',
    );
    const { llm, files } = load();
    expect(llm.providers['local']).toMatchObject({ kind: 'openai-compatible', timeoutMs: 9, retries: 2 });
    expect(llm.profiles['chief']).toMatchObject({ model: 'some-model', fallback: [] });
    expect(files).toEqual([join(user, 'orrery', 'orrery.yaml'), join(cwd, 'orrery.yaml')]);
    rmSync(join(cwd, 'orrery.yaml'));
    mkdirSync(join(cwd, '.config/orrery'), { recursive: true });
    write('.config/orrery/orrery.yaml', 'llm: { budget: { usdPerDay: 7 } }');
    expect(load({ environment: { HOME: cwd } }).llm.budget).toEqual({ usdPerDay: 7 });
  });

  describe('prices', () => {
    const profile = (more: string) => `llm:
  providers: { a: { kind: anthropic } }
  profiles: { chief: { provider: a, model: claude-haiku-4-5-20251001${more} } }
`;
    const own = (input: number) => `unit: usd-per-million-tokens
prices: [{ provider: anthropic, model: claude-haiku-4-5, input: ${input}, output: 9 }]
`;
    const chief = () => load().llm.profiles['chief'];

    test('and knowledge cut-offs that ship stand in for what a profile does not state', () => {
      write('orrery.yaml', profile(''));
      const usdPerMillion = { input: 1, output: 5, cachedInput: 0.1, cacheWrite: 1.25 };
      expect(chief()).toMatchObject({ usdPerMillion, knowledgeCutoff: '2025-02-28' });
      write('orrery.yaml', profile(', usdPerMillion: { input: 7, output: 8 }'));
      expect(chief()).toMatchObject({ knowledgeCutoff: '2025-02-28' });
      expect(chief()?.usdPerMillion).toEqual({ input: 7, output: 8 });
      write('orrery.yaml', profile(', knowledgeCutoff: 2024-01-01'));
      expect(chief()).toMatchObject({ usdPerMillion, knowledgeCutoff: '2024-01-01' });
    });

    test("of the user's file come before those that ship, those of the project's before both", () => {
      write('orrery.yaml', profile(''));
      write('xdg/orrery/prices.yaml', own(0));
      expect(chief()).toEqual({
        ...{ provider: 'a', model: 'claude-haiku-4-5-20251001' },
        usdPerMillion: { input: 0, output: 9 },
      });
      write('prices.yaml', own(4));
      expect(chief()?.usdPerMillion).toEqual({ input: 4, output: 9 });
      expect(load().files).toEqual([
        join(cwd, 'orrery.yaml'),
        join(user, 'orrery', 'prices.yaml'),
        join(cwd, 'prices.yaml'),
      ]);
    });

    test('that are wrong are refused with the line', () => {
      write('orrery.yaml', profile(''));
      write('prices.yaml', own(-4));
      expect(load).toThrow(refused('configuration-invalid', `${join(cwd, 'prices.yaml')}:2:`));
    });

    test('of a model that nobody knows are none', () => {
      write('orrery.yaml', profile('').replace('-4-5', '-99'));
      expect(chief()).toEqual({ provider: 'a', model: 'claude-haiku-99-20251001' });
    });
  });

  test('the file of a plug-in lies where it is said from', () => {
    const plugin = (name: string, file: string) =>
      `llm: { providers: { ${name}: { kind: plugin, module: ${file} } } }`;
    write('xdg/orrery/orrery.yaml', plugin('mine', './own.mjs'));
    write('orrery.yaml', plugin('ours', '/opt/ours.mjs'));
    const { llm } = load({ overrides: ['llm.providers.third={ kind: plugin, module: third.ts }'] });
    expect(Object.values(llm.providers).map((provider) => provider.module)).toEqual([
      join(user, 'orrery', 'own.mjs'),
      '/opt/ours.mjs',
      join(cwd, 'third.ts'),
    ]);
  });

  test('--set over every file, the last one last', () => {
    write('orrery.yaml', contract);
    const overrides = [
      'llm.budget.usdPerRun=9',
      'llm.budget.usdPerRun=0.5',
      'llm.profiles.chief.fallback=[analyst, chief]',
      'llm.providers.local.baseUrl=http://127.0.0.1:1/v1?a=b',
    ];
    const { llm } = load({ overrides });
    expect(llm.budget).toEqual({ usdPerCall: 0.05, usdPerRun: 0.5, usdPerDay: 5 });
    expect(llm.profiles['chief']?.fallback).toEqual(['analyst', 'chief']);
    expect(llm.providers['local']?.baseUrl).toBe('http://127.0.0.1:1/v1?a=b');
  });

  test('files and parts in which everything is commented out', () => {
    write('orrery.yaml', '# llm:\n');
    expect(load().llm).toEqual({ providers: {}, profiles: {} });
    write('orrery.yaml', 'llm:\n  providers:\n  #  local: {}\n  profiles:\n');
    expect(load().llm).toEqual({ providers: {}, profiles: {} });
  });

  test('credentials lie in a home that was moved, else with the settings of the user', () => {
    const folderOf = (environment: { [name: string]: string }) => load({ environment }).credentials;
    expect(folderOf({ ORRERY_HOME: 'state', XDG_CONFIG_HOME: user })).toBe(join(cwd, 'state'));
    expect(folderOf({ ORRERY_HOME: '', XDG_CONFIG_HOME: user })).toBe(join(user, 'orrery'));
    expect(folderOf({ HOME: cwd })).toBe(join(cwd, '.config', 'orrery'));
  });

  test('home and database from the environment', () => {
    const environment = { ORRERY_HOME: 'state', DATABASE_URL: 'postgres://db/orrery' };
    expect(load({ environment })).toMatchObject({
      home: join(cwd, 'state'),
      databaseUrl: 'postgres://db/orrery',
    });
    expect(load({ environment: { ORRERY_HOME: '/var/orrery', DATABASE_URL: '' } })).toMatchObject({
      home: '/var/orrery',
      databaseUrl: null,
    });
  });
});

describe('what is wrong is refused with its place', () => {
  test.each([
    ['unknown key', 'llm:\n  budgt: {}', ':2:3: unknown key `budgt` in `llm`; did you mean `budget`?'],
    [
      'unknown provider key',
      'llm: { providers: { a: { base_url: x } } }',
      'unknown key `base_url` in `llm.providers.a`; did you mean `baseUrl`?',
    ],
    [
      'no such kind',
      'llm: { providers: { a: { kind: openia } } }',
      ':1:32: `llm.providers.a.kind`: expected one of openai-compatible, ollama, openrouter, anthropic, openai, google, plugin, got "openia"; did you mean `openai`?',
    ],
    ['wrong type', 'llm: { budget: { usdPerRun: lots } }', 'expected dollars from 0 to 1e6, got "lots"'],
    ['negative budget', 'llm: { budget: { usdPerRun: -1 } }', 'expected dollars from 0 to 1e6, got -1'],
    [
      'a price beyond all prices',
      'llm: { profiles: { a: { usdPerMillion: { input: 1e308, output: 0 } } } }',
      '`llm.profiles.a.usdPerMillion.input`: expected dollars from 0 to 1e9',
    ],
    ['no date', 'llm: { profiles: { a: { knowledgeCutoff: 2025-13-01 } } }', 'expected a date such as'],
    [
      'a day its month does not have',
      'llm: { profiles: { a: { knowledgeCutoff: 2025-02-30 } } }',
      'expected a date such as',
    ],
    [
      'odd name',
      'llm: { providers: { "a b": {} } }',
      ':1:21: `llm.providers.a b`: expected a name of letters',
    ],
    ['prototype', 'llm: { providers: { __proto__: { kind: ollama } } }', '`__proto__` cannot be a key'],
    ['two documents', 'llm: {}\n---\nllm: {}', 'a second document begins here'],
    [
      'a profile of nobody',
      contract.replace('provider: claude', 'provider: cloude'),
      'did you mean `claude`?',
    ],
    [
      'a fallback to nobody',
      contract.replace('[analyst]', '[analyst, analist]'),
      '`llm.profiles.chief.fallback` names `analist`, which is not under `llm.profiles`; did you mean `analyst`?',
    ],
    [
      "a fallback to a desk's profile that is not given",
      contract.replace('[analyst]', '[risk]'),
      '`llm.profiles.chief.fallback` names `risk`, which is not under `llm.profiles`',
    ],
    [
      'a weight of nobody',
      contract.replace('fallback: [analyst]', 'weights: { chief: 1, analysts: 0 }'),
      '`llm.profiles.chief.weights` names `analysts`, which is not under `llm.profiles`; did you mean `analyst`?',
    ],
    [
      'weights that weigh nothing',
      contract.replace('fallback: [analyst]', 'weights: { chief: 0, analyst: 0 }'),
      '`llm.profiles.chief.weights` gives nobody more than 0',
    ],
    [
      'a provider of no kind',
      'llm: { providers: { a: { retries: 1 } } }',
      '`llm.providers.a.kind` is missing',
    ],
  ])('%s', (_, text, message) => {
    write('orrery.yaml', text);
    expect(() => load()).toThrow(refused('configuration-invalid', message));
    expect(() => load()).toThrow(refused('configuration-invalid', join(cwd, 'orrery.yaml')));
  });

  test('a file that was named and is not there', () => {
    expect(() => load({ file: 'none.yaml' })).toThrow(refused('file-not-found', 'none.yaml does not exist'));
    expect(() => load({ environment: { ORRERY_CONFIG: 'none.yaml' } })).toThrow(
      refused('file-not-found', 'none.yaml does not exist'),
    );
    expect(() => load({ file: '.' })).toThrow(refused('file-unreadable', 'is a folder'));
    symlinkSync('nowhere', join(cwd, 'orrery.yaml'));
    expect(() => load()).toThrow(refused('file-not-found', 'orrery.yaml does not exist'));
  });

  test.each([
    [
      'llm.budgt.usdPerRun=1',
      'configuration-invalid',
      '--set llm.budgt.usdPerRun: unknown key `budgt` in `llm`',
    ],
    ['llm.budget.usdPerRun=lots', 'configuration-invalid', '`llm.budget.usdPerRun`: expected dollars'],
    ['llm.budget.usdPerRun', 'usage-invalid', '--set takes KEY=VALUE'],
    ['llm.budget.usdPerRun=', 'usage-invalid', '--set takes KEY=VALUE'],
    ['=1', 'usage-invalid', '--set takes KEY=VALUE'],
    ['__proto__.polluted=1', 'usage-invalid', '--set takes KEY=VALUE'],
    ['llm.budget=[', 'configuration-invalid', '--set llm.budget:1:2: not valid YAML'],
  ])('--set %s', (override, code, message) => {
    expect(() => load({ overrides: [override] })).toThrow(refused(code, message));
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  test('a fallback that --set names is held to the profiles of all layers', () => {
    write('xdg/orrery/orrery.yaml', contract);
    write('orrery.yaml', 'llm: { profiles: { spare: { provider: local, model: any } } }');
    const overrides = ['llm.profiles.chief.fallback=[spare]'];
    expect(load({ overrides }).llm.profiles['chief']?.fallback).toEqual(['spare']);
    const mistaken = () => load({ overrides: ['llm.profiles.chief.fallback=[spar]'] });
    expect(mistaken).toThrow(
      refused(
        'configuration-invalid',
        'names `spar`, which is not under `llm.profiles`; did you mean `spare`?',
      ),
    );
    expect(mistaken).toThrow(refused('configuration-invalid', ' + --set'));
    expect(mistaken).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('chief, analyst, spare') }),
    );
  });

  test('profiles may stand in for each other', () => {
    const around = contract.replace('model: any }', 'model: any, fallback: [chief], weights: { chief: 1 } }');
    write('orrery.yaml', around.replace('fallback: [analyst]', 'fallback: [chief, analyst]'));
    expect(Object.keys(load().llm.profiles)).toEqual(['chief', 'analyst']);
  });

  test('a key pasted where its variable belongs is not repeated', () => {
    const key = 'sk-ant-0123456789';
    write('orrery.yaml', contract.replace('LOCAL_KEY', key));
    expect(() => load()).toThrow('the name of an environment variable, never the key itself');
    expect(() => load()).not.toThrow(key);
  });
});

test('the page of the configuration names every key', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const keys = [...contract.matchAll(/([A-Za-z]+): /g)].map(([, key]) => key);
  const names = new Set(['local', 'claude', 'chief', 'analyst']);
  for (const key of keys.filter((candidate) => !names.has(candidate!))) expect(page).toContain(`\`${key}\``);
});
