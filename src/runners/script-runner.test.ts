import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { failureOf, openAgentFolder, turnOf } from '../../test/agent-at-work.ts';
import { prepare } from '../../test/ensemble-place.ts';
import { isGone } from '../../test/is-alive.ts';
import { type AgentDefinition, type Runner, refuseHopeless } from '../ensemble/index.ts';
import { createHttpRunner, createScriptRunner } from './index.ts';

const place = openAgentFolder({
  'echo.sh': '#!/bin/sh\nexec cat\n',
  'plain.sh': 'echo 1\n',
  'echo.mjs': 'process.stdin.pipe(process.stdout);\n',
  'throws.mjs': "throw new Error('the reason');\n",
  'needs.mjs': "import './gone.mjs';\n",
});
chmodSync(join(place.folder, 'echo.sh'), 0o755);
chmodSync(join(place.folder, 'plain.sh'), 0o644);
afterAll(() => place.remove());

const environment = { PATH: process.env['PATH'], CANARY: 'kept-from-everybody', API_KEY: 'hush-hush-0815' };
const runner = createScriptRunner({ environment });
const script = (command: string | readonly string[], more: object = {}) =>
  place.prepare(runner, { command: typeof command === 'string' ? ['sh', '-c', command] : command, ...more });

async function pidIn(name: string): Promise<number> {
  const file = join(place.folder, name);
  for (let tries = 0; tries < 300; tries++) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.endsWith('\n')) return Number(text);
    await wait(10);
  }
  throw new RangeError(`nothing wrote ${name}`);
}

describe('a script', () => {
  test('is given the turn as JSON and answers with JSON', async () => {
    const reader = {
      status: 'failed',
      output: null,
      error: { code: 'x', message: 'y', hint: null, retryable: false },
    };
    const turn = turnOf({ title: 'ä' }, { agents: { reader } as never, item: { value: [1], index: 3 } });
    const expected = { input: { title: 'ä' }, agents: { reader }, item: [1], index: 3 };
    expect(await script(['cat']).answer(turn)).toEqual({ output: expected });
    expect(await script(['./echo.sh']).answer(turn)).toEqual({ output: expected });
    expect(await script(['echo.sh']).answer(turn)).toEqual({ output: expected });
    expect(await script(['node', 'echo.mjs']).answer(turn)).toEqual({ output: expected });
  });

  test('runs in the folder of the ensemble; words that are files of it become whole paths, others stay', async () => {
    expect(await script('pwd', { format: 'text' }).answer(turnOf())).toEqual({ output: place.folder });
    const echoed = script(['echo', 'echo.mjs', './echo.sh', 'plain', '-echo.mjs', '*', '$PATH'], {
      format: 'text',
    });
    const { output } = await echoed.answer(turnOf());
    expect(output).toBe(
      `${join(place.folder, 'echo.mjs')} ${join(place.folder, 'echo.sh')} plain -echo.mjs * $PATH`,
    );
  });

  test('as text keeps all but the last line break', async () => {
    expect(await script('printf "1\\n2\\n"', { format: 'text' }).answer(turnOf())).toEqual({
      output: '1\n2',
    });
  });

  test('may leave 5 MB of input unread', async () => {
    expect(await script('echo 1').answer(turnOf('x'.repeat(5_000_000)))).toEqual({ output: 1 });
  });

  test('reads 5 MB and prints them back', async () => {
    const text = 'x'.repeat(5_000_000);
    const { output } = await script(['cat'], { maxOutputBytes: 6_000_000 }).answer(turnOf(text));
    expect((output as { input: string }).input.length).toBe(text.length);
  });

  test('sees PATH and what is named, and of the rest nothing', async () => {
    process.env['CANARY'] = 'kept-from-everybody';
    try {
      const bare = await script(['env'], { format: 'text' }).answer(turnOf());
      expect(bare.output).toBe(`PATH=${environment.PATH}`);
      const told = await script('test "$API_KEY" = hush-hush-0815 && echo 1', { env: ['API_KEY', 'UNSET'] });
      expect(await told.answer(turnOf())).toEqual({ output: 1 });
    } finally {
      delete process.env['CANARY'];
    }
  });
});

describe('what is wrong with a script is named', () => {
  const cases: readonly (readonly [
    what: string,
    command: string | string[],
    message: RegExp,
    more?: object,
  ])[] = [
    ['an exit code', 'echo one >&2; echo two >&2; exit 3', /^`sh -c` ended with exit code 3: two$/],
    ['a crash', 'kill -SEGV $$', /^`sh -c` was ended by SIGSEGV$/],
    [
      'an error in Node.js',
      ['node', 'throws.mjs'],
      /^`node throws.mjs` ended with exit code 1: Error: the reason$/,
    ],
    ['nothing printed', 'echo why >&2', /^`sh -c` printed nothing: why$/],
    ['blanks', 'printf " \\n"', /^`sh -c` printed nothing$/, { format: 'text' }],
    ['no JSON', 'echo Checking', /printed what is no single JSON document \(9 bytes\): Checking$/],
    ['two documents', 'echo 1; echo 2', /printed what is no single JSON document \(4 bytes\): 1 2$/],
    [
      'a number beyond range',
      'echo "[1e999]"',
      /printed JSON that nobody can use: it holds Infinity at \[0\]$/,
    ],
    ['no UTF-8', 'printf "\\"\\377\\""', /printed what is no UTF-8$/],
    ['no UTF-8 in a text', 'printf "\\377"', /printed what is no UTF-8$/, { format: 'text' }],
    ['no such program', ['no-such-program'], /^there is no program `no-such-program` to run$/],
    ['no such file', ['./no-such.sh'], /^there is no program `.\/no-such.sh` to run$/],
    ['a file that may not be run', ['./plain.sh'], /^`.\/plain.sh` may not be run$/],
    [
      'a long answer',
      'printf 12345',
      /printed more than 4 bytes on stdout, and was ended$/,
      { maxOutputBytes: 4 },
    ],
    ['much on stderr', 'printf 12345 >&2; echo 1', /more than 4 bytes on stderr/, { maxOutputBytes: 4 }],
  ];
  for (const [what, command, message, more] of cases) {
    test(what, async () => {
      const failure = await failureOf(script(command, more));
      expect(failure).toMatchObject({ code: 'agent-failed', message: expect.stringMatching(message) });
      expect(failure.hint).not.toBe(null);
    });
  }

  test.each([
    [['node', 'eco.mjs'], 'there is no file eco.mjs; did you mean `echo.mjs`?'],
    [['node', './scripts/echo.mjs'], 'there is no file ./scripts/echo.mjs'],
    [['python3', 'main.py', 'fast'], 'there is no file main.py'],
    [['deno', 'run', 'main.ts'], 'there is no file main.ts'],
    [['sh', '/nowhere/run.sh'], 'there is no file /nowhere/run.sh'],
  ])('a file that is not there, before anything is run: %j', (command, message) => {
    expect(() => script(command)).toThrow(expect.objectContaining({ code: 'file-not-found', message }));
  });

  test.each([
    [['node', '-e', 'console.log(1)', 'none.mjs']],
    [['echo', 'none.mjs']],
    [['node', 'echo.mjs', 'none.mjs']],
    [['deno', 'run', 'https://deno.land/none.ts']],
    [['sh', '-c', 'cat none.sh']],
    [['python3', '-m', 'none.py']],
  ])('words that may be something else are left alone: %j', (command) => {
    expect(() => script(command)).not.toThrow();
  });

  test('JSON nested 100,000 deep', async () => {
    const command = ['node', '-e', "console.log('['.repeat(1e5) + ']'.repeat(1e5))"];
    expect((await failureOf(script(command))).message).toMatch(/it holds more than 200 levels at \[0\]/);
  });

  test('an input nested without end', async () => {
    let deep: readonly unknown[] = [];
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const turn = turnOf('', {});
    const scope = { ...turn.scope, input: { value: deep as never, text: '' } };
    expect((await failureOf(script(['cat']), { ...turn, scope })).message).toMatch(/nested too deep/);
  });

  test('a folder that is gone', async () => {
    const other = openAgentFolder();
    const work = other.prepare(runner, { command: ['cat'] });
    rmSync(other.folder, { recursive: true });
    expect((await failureOf(work)).message).toMatch(/the folder .* is gone$/);
  });

  test('only what may pass is worth another try, and a missing program lets rules stand in', async () => {
    expect((await failureOf(script('exit 1'))).retryable).toBe(true);
    expect((await failureOf(script('echo no'))).retryable).toBe(true);
    expect((await failureOf(script('echo 12345', { maxOutputBytes: 2 }))).retryable).toBe(false);
    const missing = await failureOf(script(['node', 'needs.mjs']));
    expect(missing).toMatchObject({ retryable: false, message: expect.stringContaining('gone.mjs') });
    expect((await failureOf(script(['no-such-program']))).retryable).toBe(false);
    expect(script(['no-such-program']).unusable).toMatch(/no-such-program/);
    expect(script('echo 1').unusable).toBe(null);
  });
});

test.each([
  ['script', { command: ['no-such-program'] }, 'agent-failed', 'or a program on PATH in its command'],
  [
    'http',
    { url: 'https://example.com', headers: { a: { env: 'NOT_SET' } } },
    'agent-failed',
    'its headers need',
  ],
])(
  'a run whose output hangs on a %s agent that cannot work is refused with what to do',
  (kind, keys, code, hint) => {
    const runners = [
      runner,
      createHttpRunner({ environment: {} }),
    ] as readonly unknown[] as readonly Runner[];
    const agents = { own: { kind, ...keys } as AgentDefinition };
    expect(() => refuseHopeless(prepare({ ensemble: 'test', agents }, { runners }))).toThrow(
      expect.objectContaining({ code, hint: expect.stringContaining(hint) }),
    );
  },
);

describe('a secret that a script was told', () => {
  const told = (command: string, more: object = {}) => script(command, { env: ['API_KEY'], ...more });
  test('is told nobody', async () => {
    const failure = await failureOf(told('echo "key: $API_KEY" >&2; exit 1'));
    expect(failure.message).toBe('`sh -c` ended with exit code 1: key: [redacted]');
    expect((await failureOf(told('echo "$API_KEY"'))).message).toMatch(/\(15 bytes\): \[redacted\]$/);
    const { output } = await told('printf \'{"%s": ["is %s"]}\' "$API_KEY" "$API_KEY"').answer(turnOf());
    expect(output).toEqual({ '[redacted]': ['is [redacted]'] });
    expect(await told('echo "$API_KEY"', { format: 'text' }).answer(turnOf())).toEqual({
      output: '[redacted]',
    });
    expect(told('echo 1').content?.()).not.toContain(environment.API_KEY);
  });

  test('also when it has several lines', async () => {
    const pem = '-----BEGIN-----\nfirst-line\nsecond-line\n-----END-----\n';
    const withPem = createScriptRunner({ environment: { ...environment, PEM: pem } });
    const command = ['sh', '-c', 'echo "$PEM" | sed 3q >&2; exit 1'];
    const failure = await failureOf(place.prepare(withPem, { command, env: ['PEM'] }));
    expect(failure.message).toBe('`sh -c` ended with exit code 1: [redacted]');
  });
});

describe('nothing is left of a script', () => {
  const aborted = async (command: string, pidFile: string) => {
    const stop = new AbortController();
    const answer = script(command).answer(turnOf('', { signal: stop.signal })) as Promise<unknown>;
    const pid = await pidIn(pidFile);
    const startedMs = performance.now();
    stop.abort(new RangeError('enough'));
    await expect(answer).rejects.toThrow('enough');
    expect(performance.now() - startedMs).toBeLessThan(500);
    return pid;
  };

  test('that hangs, when it is told to stop', async () => {
    expect(await isGone(await aborted('echo $$ >hangs; exec sleep 60', 'hangs'))).toBe(true);
  });

  test('that ignores signals', async () => {
    const pid = await aborted("trap '' TERM INT HUP; echo $$ >ignores; while :; do sleep 1; done", 'ignores');
    expect(await isGone(pid)).toBe(true);
  });

  test('with children, when it is told to stop', async () => {
    expect(await isGone(await aborted('sleep 60 & echo $! >forks; wait', 'forks'))).toBe(true);
  });

  test('whose child holds stdout open after its end', async () => {
    const startedMs = performance.now();
    expect(await script('sleep 60 & echo $! >holds; echo 1').answer(turnOf())).toEqual({ output: 1 });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(await isGone(await pidIn('holds'))).toBe(true);
  });

  test('whose child has closed everything', async () => {
    const quiet = 'sleep 60 >/dev/null 2>&1 </dev/null & echo $! >closed; echo 1';
    expect(await script(quiet).answer(turnOf())).toEqual({ output: 1 });
    expect(await isGone(await pidIn('closed'))).toBe(true);
  });

  test('whose child left its group: it is not waited for', async () => {
    const leaves = "setsid sh -c 'echo $$ >left; exec sleep 60' & until test -s left; do :; done; echo 1";
    const answer = script(leaves).answer(turnOf());
    const pid = await pidIn('left');
    try {
      expect(await answer).toEqual({ output: 1 });
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  test('that prints 1 GB: it is ended, and the memory stays', async () => {
    const before = process.memoryUsage().rss;
    const failure = await failureOf(script('echo $$ >floods; exec yes', { maxOutputBytes: 1_000_000 }));
    expect(failure.message).toMatch(/more than 1000000 bytes on stdout/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(await isGone(await pidIn('floods'))).toBe(true);
  });

  test('that was never begun', async () => {
    const signal = AbortSignal.abort(new RangeError('before'));
    await expect(script('echo 1 >begun').answer(turnOf('', { signal }))).rejects.toThrow('before');
    expect(existsSync(join(place.folder, 'begun'))).toBe(false);
  });

  test('after many runs: no handles, no listeners', async () => {
    const work = script(['echo', '1']);
    const { signal } = new AbortController();
    const handles = () => process.getActiveResourcesInfo().filter((name) => /Pipe|Process/.test(name)).length;
    await wait(50);
    const before = handles();
    const listeners = process.listenerCount('exit');
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 20 }, () => work.answer(turnOf('', { signal }))));
    }
    await wait(50);
    expect(handles()).toBeLessThanOrEqual(before);
    expect(process.listenerCount('exit')).toBe(listeners);
  });
});

describe('what an answer depends on', () => {
  test('are the command, the bytes of its files, and what it is told', () => {
    place.write('pure.mjs', 'one');
    const content = (more: object = {}, own = runner) =>
      place.prepare(own, { command: ['node', 'pure.mjs'], ...more }).content?.();
    const first = content();
    expect(content()).toBe(first);
    expect(content({ format: 'text' })).not.toBe(first);
    expect(content({ command: ['node', 'pure.mjs', '-v'] })).not.toBe(first);
    const other = createScriptRunner({ environment: { ...environment, API_KEY: 'another' } });
    expect(content({ env: ['API_KEY'] }, other)).not.toBe(content({ env: ['API_KEY'] }));
    place.write('pure.mjs', 'two');
    expect(content()).not.toBe(first);
  });

  test('is the program itself, too, and quickly told of a large one', () => {
    place.write('large.bin', Buffer.alloc(3_000_000));
    const work = script(['cat', './large.bin']);
    const first = work.content?.();
    expect(work.content?.()).toBe(first);
    expect(first).not.toBe(script(['tac', './large.bin']).content?.());
    place.write('large.bin', Buffer.alloc(3_000_000, 1));
    expect(work.content?.()).not.toBe(first);
  });
});

test('settings that make no sense are refused', () => {
  for (const wrong of [
    { command: [] },
    { command: 'node x' },
    { command: ['a\0b'] },
    { command: ['x'], maxOutputBytes: 0 },
    { command: ['x'], maxOutputBytes: 100_000_001 },
    { command: ['x'], env: ['A=B'] },
    { command: ['x'], format: 'yaml' },
    { command: ['x'], shell: true },
  ]) {
    expect(runner.settings.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  }
});
