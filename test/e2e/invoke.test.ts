import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { promptOf } from '../../src/testing/index.ts';
import { isGone } from '../is-alive.ts';
import { errorDocument } from './documents.ts';
import { deadAddress, openModelPlace, openServer } from './model-place.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const amount = z.number().min(0);
const outcome = z.looseObject({
  status: z.enum(['ok', 'failed', 'skipped', 'timeout']),
  output: z.json(),
  error: z
    .object({ code: z.string(), message: z.string(), hint: z.string().nullable(), retryable: z.boolean() })
    .nullable(),
  ...{ latencyMs: amount, source: z.string().nullable(), model: z.string().nullable() },
  ...{ promptTokens: amount, responseTokens: amount, costUsd: amount },
});
/** As it is promised to programs. */
const ensembleDocument = z.looseObject({
  ...{ ensemble: z.string(), run: z.string(), status: z.enum(['completed', 'partial', 'failed']) },
  phases: z.array(z.array(z.string())),
  agents: z.record(z.string(), outcome),
  output: z.json(),
  usage: z.looseObject({ costUsd: amount }),
  timings: z.looseObject({ totalMs: amount, sequentialMs: amount }),
});

const upper = `let text = '';
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(String(JSON.parse(text).input).toUpperCase()));
`;

/** A script, two models and a template; JSON is YAML. */
function writeReview(place: Workplace): void {
  place.write('upper.mjs', upper);
  place.write(
    'ensembles/review.yaml',
    JSON.stringify({
      ensemble: 'review',
      description: 'Two readers and a script',
      agents: [
        { name: 'reader', kind: 'llm', question: 'Review: {{input}}', profile: 'analyst' },
        { name: 'critic', kind: 'llm', question: 'Criticise: {{input}}', profile: 'chief' },
        { name: 'shout', kind: 'script', command: ['node', 'upper.mjs'] },
        {
          ...{
            name: 'judge',
            kind: 'template',
            depends_on: ['reader', 'critic', 'shout'],
            required: ['shout'],
          },
          template: '{{agents.shout}}: {{agents.reader}}',
        },
      ],
      output: { from: 'judge' },
    }),
  );
}

async function openReviewPlace(critic?: string) {
  const server = await openServer((request) => ({
    kind: 'text',
    text: promptOf(request).startsWith('Review') ? 'fine' : 'hm',
  }));
  const place = openModelPlace({
    providers: { local: server.baseUrl, other: critic ?? server.baseUrl },
    profiles: { analyst: 'local', chief: 'other' },
  });
  writeReview(place);
  return place;
}

/** One script: `upper.mjs` unless told otherwise. */
function openScriptPlace(command: readonly string[] = ['node', 'upper.mjs'], processes?: 'each'): Workplace {
  const place = openWorkplace({}, processes);
  place.write('upper.mjs', upper);
  writeEnsemble(place, 'one', [{ name: 'only', kind: 'script', command }]);
  return place;
}

function writeEnsemble(place: Workplace, name: string, agents: readonly object[], more: object = {}): string {
  return place.write(`ensembles/${name}.yaml`, JSON.stringify({ ensemble: name, agents, ...more }));
}

describe('a run of an ensemble', () => {
  test('prints its document, says first which run it is, and keeps what came of it', async () => {
    const place = await openReviewPlace();
    const { exitCode, stdout, stderr } = await place.runWithInput(
      'code\n',
      'invoke',
      'review',
      '--output',
      'json',
    );
    const document = ensembleDocument.parse(JSON.parse(stdout));
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      ...{ ensemble: 'review', status: 'completed', output: 'CODE\n: fine' },
      phases: [['reader', 'critic', 'shout'], ['judge']],
      agents: {
        reader: { status: 'ok', output: 'fine', source: 'llm', model: 'scripted', promptTokens: 100 },
        shout: { status: 'ok', output: 'CODE\n', source: 'script', model: null, costUsd: 0 },
      },
      usage: { calls: 2, promptTokens: 200, responseTokens: 40 },
    });
    expect(stderr.split('\n')[0]).toBe(`run ${document.run}`);
    expect(stderr).toMatch(/^reader ok \d+ ms \$0\.0006$/m);
    const folder = join(place.home, 'invocations', document.run);
    expect(stderr).toContain(`kept in ${folder}\n`);
    const kept = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(kept('input.txt')).toBe('code\n');
    expect(JSON.parse(kept('result.json'))).toEqual(JSON.parse(stdout));
    expect(kept('result.md')).toContain('| 1 | reader | llm | ok |');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'result.json')).mode & 0o777).toBe(0o600);
    // The folder is no place for another run of that name.
    const again = await place.refusal('invoke', 'review', '--input', 'x', '--id', document.run);
    expect(again).toMatchObject({ exitCode: 2, error: { code: 'run-exists' } });
  });

  test('is partial where one provider is down, and others are unharmed', async () => {
    const place = await openReviewPlace(await deadAddress());
    const { exitCode, stdout, stderr } = await place.run('invoke', 'review', '--input', 'code', '--no-save');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'CODE: fine\n' });
    expect(stderr).toMatch(/^critic failed .+: .+$/m);
    expect(stderr).toMatch(/^partial: 4 agents/m);
    expect(existsSync(join(place.home, 'invocations'))).toBe(false);
  });

  test('that failed has no output, and exit code 1', async () => {
    const place = openScriptPlace(['node', '-e', 'console.error("no luck"); process.exit(3)']);
    const plain = await place.run('invoke', 'one', '--input', '');
    expect(plain).toMatchObject({ exitCode: 1, stdout: '' });
    expect(plain.stderr).toContain('error: `node -e` ended with exit code 3: no luck');
    const { exitCode, stdout } = await place.run('invoke', 'one', '--input', '', '--json');
    expect(exitCode).toBe(1);
    expect(ensembleDocument.parse(JSON.parse(stdout))).toMatchObject({ status: 'failed', output: null });
  });

  test('is formatted, and changed before, by files of one’s own', async () => {
    const place = openScriptPlace(undefined, 'each');
    place.write(
      'more.mjs',
      'console.log("aside"); export default (d) => ({ ...d, output: [d.output], mine: 1 })',
    );
    place.write('twice.mjs', 'export default async (d) => ({ ...d, output: [...d.output, ...d.output] })');
    place.write('form.mjs', 'export default ({ output, mine }) => [output.join("+"), mine].join(" ")');
    const processed = ['--process', 'more.mjs', '--process', 'twice.mjs'];
    const invoke = (...words: string[]) => place.run('invoke', 'one', '--input', 'a', ...words);
    const formed = await invoke(...processed, '--output', 'form.mjs');
    expect(formed).toMatchObject({ exitCode: 0, stdout: 'A+A 1\n' });
    expect(formed.stderr).toContain('aside\n');
    expect((await invoke('--output', 'markdown')).stdout).toContain('## Output\n\nA\n');

    place.write('gone.mjs', 'export default ({ usage, ...rest }) => rest');
    place.write('thrown.mjs', 'export default () => { throw new Error("oh") }');
    place.write('stuck.mjs', 'export default () => new Promise(() => {})');
    place.write('none.mjs', 'export const name = 1');
    const wrong = [
      [['--process', 'gone.mjs'], 'gone.mjs: what came back is no document of an ensemble: usage: '],
      [['--process', 'thrown.mjs'], 'thrown.mjs failed: oh'],
      [['--process', 'stuck.mjs'], 'stuck.mjs waits for a promise that is never settled'],
      [['--output', 'none.mjs'], 'none.mjs exports no function'],
      [['--output', 'jsn'], 'there is no format "jsn"; did you mean json?'],
    ] as const;
    for (const [words, says] of wrong) {
      const { exitCode, stdout, stderr } = await invoke(...words);
      expect({ words, exitCode, stdout }).toEqual({ words, exitCode: 2, stdout: '' });
      expect(stderr).toContain(says);
    }
  });

  test('takes answers beforehand, and needs them where nobody can be asked', async () => {
    const place = openWorkplace();
    writeEnsemble(place, 'ask', [
      { name: 'approve', kind: 'human', question: 'Ship {{input}}?', choices: ['yes', 'no'] },
    ]);
    const invoke = (...words: string[]) => place.run('invoke', 'ask', '--input', 'it', '--no-save', ...words);
    expect(await invoke('--answer', 'approve=yes')).toMatchObject({ exitCode: 0, stdout: 'yes\n' });
    const unasked = await invoke();
    expect(unasked.exitCode).toBe(1);
    expect(unasked.stderr).toContain('--answer approve=TEXT');
    const stray = await invoke('--answer', 'approve=yes', '--answer', 'aprove=no', '--json');
    expect(stray.exitCode).toBe(2);
    expect(errorDocument.parse(JSON.parse(stray.stdout)).error).toMatchObject({
      message: 'no human agent "aprove"; did you mean "approve"?',
      hint: 'It asks approve.',
    });
    // People within another ensemble count, too.
    writeEnsemble(place, 'outer', [{ name: 'inner', kind: 'ensemble', ensemble: 'ask' }]);
    const nested = (answer: string) => place.run('invoke', 'outer', '--input', 'it', '--answer', answer);
    expect(await nested('approve=no')).toMatchObject({ exitCode: 0, stdout: 'no\n' });
    expect(await nested('inner=no')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('says what an agent went on without, and what its input was taken for', async () => {
    const place = openWorkplace();
    const command = [
      'sh',
      '-c',
      'grep -q \'"item":"good"\' || { echo ZeroDivisionError >&2; exit 1; }; echo 1',
    ];
    writeEnsemble(place, 'each', [{ name: 'files', kind: 'script', command, fanOut: 'input' }]);
    writeEnsemble(place, 'outer', [{ name: 'inner', kind: 'ensemble', ensemble: 'each' }]);
    const lacks = /1 of 2 items failed: #1 .*ZeroDivisionError/.source;
    const invoke = (name: string, input: string, ...words: string[]) =>
      place.run('invoke', name, '--input', input, '--no-save', ...words);
    const { exitCode, stderr, stdout } = await invoke('each', '["bad","good"]', '--output', 'markdown');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(new RegExp(`^files ok .*, ${lacks}`, 'm'));
    expect(stdout).toMatch(new RegExp(`## What went wrong\n\n- \\*\\*files\\*\\* ok, ${lacks}`));
    const outer = await invoke('outer', '["bad","good"]');
    expect(outer.stderr).toMatch(new RegExp(`^inner ok .*, \`files\` in it ok, ${lacks}`, 'm'));
    const broken = await invoke('each', '["bad",');
    expect(broken.stderr).toContain('note: the input begins like JSON but is none, so it is taken as text\n');
  });

  test.each(['SIGINT', 'SIGHUP'] as const)(
    'that is stopped by %s leaves no process, and keeps what was answered',
    async (signal) => {
      const place = openWorkplace();
      place.write(
        'sit.mjs',
        'import { writeFileSync } from "node:fs"; writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000)',
      );
      writeEnsemble(
        place,
        'sits',
        [
          { name: 'sitter', kind: 'script', command: ['node', 'sit.mjs'] },
          { name: 'quick', kind: 'template', template: 'here' },
        ],
        { output: { from: 'sitter' } },
      );
      const pidFile = place.write('ensembles/pid', '');
      const command = place.begin('invoke', 'sits', '--input', '', '--id', 'e_sits', '--output', 'json');
      await command.says('quick ok');
      let pid = 0;
      while (pid === 0) {
        pid = Number(readFileSync(pidFile, 'utf8'));
        await delay(20);
      }
      command.signal(signal);
      const { exitCode, stdout } = await command.ended;
      expect(exitCode).toBe(1);
      expect(errorDocument.parse(JSON.parse(stdout)).error.code).toBe('interrupted');
      expect(await isGone(pid)).toBe(true);
      const kept = JSON.parse(readFileSync(join(place.home, 'invocations', 'e_sits', 'result.json'), 'utf8'));
      expect(kept.agents.quick).toMatchObject({ status: 'ok', output: 'here' });
    },
  );
});

describe('code of a model agent', () => {
  const place = openWorkplace({}, 'each');
  place.write('in.txt', 'a\n');
  const never = 'new Promise((done) => setTimeout(done, 60_000))';
  const alone = ['--input', ''];
  const batch = ['--batch', 'in.txt', '--out', 'out.jsonl'];
  const thrown = `setTimeout(() => { throw new Error('boom') }); return ${never}`;
  test.each([
    ['throws', alone, thrown, /failed outside its turn: boom$/],
    ['rejects', alone, "void Promise.reject(new Error('boom')); return 1", /that was rejected: boom$/],
    ['leaves', alone, 'process.exit(0)', /ended the process with exit code 0$/],
    ['leaves', batch, 'process.exit(0)', /ended the process with exit code 0$/],
  ])('that %s outside its turn ends the command with one error: %j', async (name, words, code, message) => {
    place.write(`ensembles/${name}.mjs`, `export default { predict() { ${code} } }`);
    writeEnsemble(place, name, [{ name: 'only', kind: 'model', model: `${name}.mjs` }]);
    const { exitCode, error } = await place.refusal('invoke', name, ...words);
    expect(exitCode).toBe(1);
    expect(error).toMatchObject({ code: 'agent-failed', message: expect.stringMatching(message) });
    expect(error.message).toContain(`${name}.mjs:1 (the module of a model agent`);
  });

  test('that waits for nothing is waited for, in a batch too', async () => {
    place.write('ensembles/idle.mjs', 'export default { predict: () => new Promise(() => {}) }');
    writeEnsemble(place, 'idle', [{ name: 'only', kind: 'model', model: 'idle.mjs' }]);
    const command = place.begin('invoke', 'idle', ...batch);
    await command.says(/^run /m);
    await delay(300);
    command.signal('SIGINT');
    const { exitCode, stderr } = await command.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('stopped after 0 of 1 input');
  });
});

describe('a batch', () => {
  const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

  test('goes on where it was killed, and does nothing twice', async () => {
    const place = openScriptPlace(['sh', '-c', 'echo x >> ../count; sleep 0.1; echo 1']);
    const count = place.write('count', '');
    place.write('in.txt', Array.from({ length: 12 }, (_, index) => `line ${index}`).join('\n'));
    const out = place.write('out.jsonl', '');
    const words = ['invoke', 'one', '--batch', 'in.txt', '--out', 'out.jsonl', '--concurrency', '2'];
    const killed = place.begin(...words);
    while (readFileSync(out, 'utf8').split('\n').length < 4) await delay(10);
    killed.signal('SIGKILL');
    await killed.ended;
    const before = lines(out).length;
    const text = readFileSync(out, 'utf8');
    place.write('out.jsonl', text.slice(0, -20));

    const { exitCode, stdout, stderr } = await place.run(...words, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ ensemble: 'one', out: 'out.jsonl', inputs: 12, resumed: before - 1 },
      ...{ completed: 12, partial: 0, failed: 0, costUsd: 0 },
    });
    expect(stderr).toContain(`${before - 1} inputs of 12 done before`);
    const results = lines(out).map((line) => JSON.parse(line));
    expect(results.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
    for (const { document, inputSha256 } of results) {
      ensembleDocument.parse(document);
      expect(inputSha256).toMatch(/^[0-9a-f]{64}$/);
    }
    // Those that were under way when it was killed were begun again, and the one that was cut off.
    expect(lines(count).length).toBeLessThanOrEqual(12 + 2 + 1);
    const again = await place.run(...words);
    expect(again).toMatchObject({ exitCode: 0, stdout: '12 inputs: 12 completed, 0 partial, 0 failed\n' });
  });

  test('that is stopped keeps whole lines and says how to go on; one that failed is told by the exit code', async () => {
    const place = openScriptPlace([
      'node',
      '-e',
      'process.stdin.on("data", (d) => { const i = JSON.parse(d).input; if (i === 1) console.log(1); if (i === 2) process.exit(1); if (i === 3) setInterval(() => {}, 1e3) })',
    ]);
    place.write('in.jsonl', '1\n2\n3\n');
    const out = place.write('out.jsonl', '');
    const words = ['invoke', 'one', '--batch', 'in.jsonl', '--out', 'out.jsonl', '--concurrency', '1'];
    const command = place.begin(...words);
    while (lines(out).length < 2 || !readFileSync(out, 'utf8').endsWith('\n')) await delay(10);
    command.signal('SIGINT');
    const { exitCode, stderr } = await command.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('stopped after 2 of 3 inputs');
    expect(stderr).toContain(
      'Go on with: orrery invoke one --batch in.jsonl --out out.jsonl --concurrency 1\n',
    );
    expect(lines(out)).toHaveLength(2);
    place.write('in.jsonl', '1\n2\n');
    const rest = await place.run(...words);
    expect(rest).toMatchObject({ exitCode: 1, stdout: '2 inputs: 1 completed, 0 partial, 1 failed\n' });
  });

  test('says why inputs failed, does those again when told to, and what came of another ensemble', async () => {
    const fails = 'echo "no luck" >&2; exit 1';
    const place = openScriptPlace(['sh', '-c', `grep -q good || { ${fails}; }; echo 1`]);
    place.write('in.txt', 'good\nbad\nworse\n');
    const out = place.write('out.jsonl', '');
    const batch = (...words: string[]) =>
      place.run('invoke', 'one', '--batch', 'in.txt', '--out', 'out.jsonl', ...words);
    const first = await batch();
    expect(first).toMatchObject({ exitCode: 1, stdout: '3 inputs: 1 completed, 0 partial, 2 failed\n' });
    expect(first.stderr).toMatch(/^2 × .*no luck$/m);
    expect(first.stderr).toContain(
      'Do them again with: orrery invoke one --batch in.txt --out out.jsonl --retry-failed\n',
    );
    const same = await batch();
    expect(same.stderr).toContain('3 inputs of 3 done before');
    expect(same.stderr).not.toContain('came of something else');
    writeEnsemble(place, 'one', [{ name: 'only', kind: 'script', command: ['sh', '-c', 'echo 2'] }]);
    const again = await batch('--retry-failed', '--json');
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ resumed: 1, completed: 3, failed: 0, errors: [] });
    expect(again.stderr).toContain('note: 1 of 1 earlier result came of something else');
    const results = lines(out).map((line) => JSON.parse(line));
    expect(results).toHaveLength(5);
    expect(new Set(results.map(({ by }) => by)).size).toBe(2);
    expect(existsSync(`${out}.lock`)).toBe(false);
  });

  test('is alone with its file', async () => {
    const place = openScriptPlace(['sh', '-c', 'echo x > ../begun; sleep 60']);
    place.write('in.txt', 'a\n');
    const begun = place.write('begun', '');
    const words = ['invoke', 'one', '--batch', 'in.txt', '--out', 'out.jsonl'];
    const command = place.begin(...words);
    while (readFileSync(begun, 'utf8') === '') await delay(10);
    const second = await place.refusal(...words);
    expect(second).toMatchObject({
      exitCode: 1,
      error: { code: 'home-locked', message: expect.stringContaining('another batch is writing out.jsonl') },
    });
    command.signal('SIGINT');
    await command.ended;
  });

  test.each([
    [['--batch', 'in.txt'], '--batch needs --out'],
    [['--out', 'x'], '--out belongs to --batch'],
    [['--retry-failed', '--input', 'a'], '--retry-failed belongs to --batch'],
    [['--batch', 'in.txt', '--out', 'x', '--input', 'a'], 'Leave --input out'],
    [['--batch', 'none', '--out', 'x'], 'there is no file none'],
    [['--batch', 'in.txt', '--out', 'in.txt'], 'in.txt:1: this is no line of a batch'],
    [['--batch', 'in.txt', '--out', 'x', '--concurrency', '0'], 'not a whole number from 1 to 1000'],
  ])('with wrong options begins nothing: %j', async (words, says) => {
    const place = openScriptPlace();
    place.write('in.txt', 'a\nb\n');
    const { exitCode, stderr } = await place.run('invoke', 'one', ...words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});

describe('ensembles', () => {
  test('are listed, shown, checked and drawn', async () => {
    const place = await openReviewPlace();
    const listed = await place.json(z.array(z.looseObject({ name: z.string() })), 'ensembles', 'list');
    expect(listed.find(({ name }) => name === 'review')).toMatchObject({
      ...{ description: 'Two readers and a script', agents: 4, from: 'project', error: null },
      file: expect.stringMatching(/ensembles\/review\.yaml$/),
    });
    expect((await place.run('ensembles', 'show', 'review')).stdout).toContain('"ensemble":"review"');
    const graph = (await place.run('ensembles', 'graph', 'review')).stdout;
    expect(graph).toContain('flowchart LR\n  subgraph p1["phase 1"]\n    a0(["reader<br/>llm"])');
    expect(graph).toContain('  a2 --> a3');
    const valid = await place.run('ensembles', 'validate', 'review', '--json');
    expect(valid.exitCode).toBe(0);
    expect(JSON.parse(valid.stdout)).toMatchObject({
      ok: true,
      ensembles: [{ ensemble: 'review', agents: 4, questions: 2, unusable: [], error: null }],
    });
  });

  test('that lack a key are told so, which is no error', async () => {
    const place = openWorkplace();
    writeReview(place);
    const { exitCode, stdout } = await place.run('ensembles', 'validate', 'review', '--json');
    expect(exitCode).toBe(0);
    const [checked] = JSON.parse(stdout).ensembles;
    expect(checked.unusable).toMatchObject([
      { agent: 'reader', why: expect.stringContaining('analyst') },
      { agent: 'critic', why: expect.stringContaining('chief') },
    ]);
  });

  test('whose file is wrong have one clear line, with its place, within a second', async () => {
    const place = openWorkplace();
    const agent = (name: string, rest: string) =>
      `  - { name: ${name}, kind: template, template: x${rest} }\n`;
    const head = 'ensemble: bad\nagents:\n';
    const wrong: { readonly [name: string]: readonly [text: string, says: RegExp] } = {
      cycle: [
        head + agent('a', ', depends_on: [b]') + agent('b', ', depends_on: [a]'),
        /:3:\d+: .*wait for each other: a → b → a/,
      ],
      missing: [head + agent('a', ', depends_on: [ab]'), /:3:\d+: .*`ab`, which does not exist/],
      duplicate: [head + agent('a', '') + agent('a', ''), /:4:\d+: two agents are named `a`/],
      unknown: [head + agent('a', ', timeoutMS: 5'), /:3:\d+: .*timeoutMS.*timeoutMs/],
      type: [head + agent('a', ', retries: many'), /:3:\d+: .*retries/],
      bomb: [
        `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((l, i) => `${l}: &${l} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`).join('\n')}\n`,
        /:\d+:\d+: /,
      ],
      large: [`${head}${agent('a', '')}# ${'x'.repeat(10_000_000)}`, /:1:1: larger than 1 MB/],
      deep: [`ensemble: bad\nagents: ${'['.repeat(50_000)}${']'.repeat(50_000)}\n`, /:\d+:\d+: /],
    };
    const names = Object.keys(wrong);
    for (const name of names) place.write(`${name}.yaml`, wrong[name]![0]);
    const begun = performance.now();
    const { exitCode, stdout } = await place.run(
      'ensembles',
      'validate',
      ...names.map((name) => `./${name}.yaml`),
      '--json',
    );
    // All of them, and the start of the program.
    expect(performance.now() - begun).toBeLessThan(1_000 * names.length);
    expect(exitCode).toBe(2);
    const { ok, ensembles } = JSON.parse(stdout);
    expect(ok).toBe(false);
    for (const [index, name] of names.entries()) {
      const { message, hint } = ensembles[index].error;
      expect({ name, message }).toEqual({ name, message: expect.stringMatching(wrong[name]![1]) });
      expect(message).not.toContain('\n');
      expect(hint).toBeTruthy();
    }
    const invoked = await place.refusal('invoke', './cycle.yaml', '--input', 'x');
    expect(invoked).toMatchObject({ exitCode: 2, error: { message: ensembles[0].error.message } });
    const unknown = await place.refusal('invoke', 'revue', '--input', 'x', '--output', 'json');
    expect(unknown).toMatchObject({ exitCode: 2, error: { code: 'ensemble-not-found' } });
  });
});
