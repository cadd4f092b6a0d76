import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import type { z } from 'zod';
import { type ErrorDocument, errorDocument } from './documents.ts';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');
/** A command lives too briefly to earn back what optimising PostgreSQL's WebAssembly costs: half of its time. */
const nodeOptions = ['--liftoff-only'];

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Command {
  readonly ended: Promise<Ended>;
  /** What it has said so far. */
  stderr(): string;
  /** Resolves as soon as stderr holds `words`, also when the command ended with them; rejects when it ends without. */
  says(words: string | RegExp): Promise<void>;
  signal(name: 'SIGINT' | 'SIGKILL'): void;
}

/** A folder of its own, as on a stranger's machine: state, working directory and settings, and no other environment. */
export interface Workplace {
  readonly home: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  begin(...words: readonly string[]): Command;
  run(...words: readonly string[]): Promise<Ended>;
  /** Runs with this on stdin, which is empty otherwise. */
  runWithInput(input: string, ...words: readonly string[]): Promise<Ended>;
  /** Runs in a shell, with what stands after the command: `2>/dev/full`, `| head -1`. */
  runInShell(after: string, ...words: readonly string[]): Promise<Ended>;
  /** Runs with `--json`, expects exit 0 and exactly one document of that shape on stdout. */
  json<Shape extends z.ZodType>(shape: Shape, ...words: readonly string[]): Promise<z.infer<Shape>>;
  /** Runs with `--json` and expects an error document. */
  refusal(
    ...words: readonly string[]
  ): Promise<{ readonly exitCode: number | null; readonly error: ErrorDocument }>;
}

const folders: string[] = [];
const alive = new Set<Command>();

afterAll(async () => {
  for (const command of alive) command.signal('SIGKILL');
  await Promise.all([...alive].map((command) => command.ended));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Removed after the tests of the file. */
export function openWorkplace(environment: { readonly [name: string]: string } = {}): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-e2e-'));
  folders.push(folder);
  const home = join(folder, 'home');
  const cwd = join(folder, 'work');
  mkdirSync(cwd);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    ORRERY_HOME: home,
    ...environment,
  };
  const begin = (...words: readonly string[]) => beginCommand(words, { cwd, env, after: null, input: null });
  const run = (...words: readonly string[]) => begin(...words).ended;
  return {
    home,
    write(name, content) {
      const path = join(cwd, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    begin,
    run,
    runWithInput: (input, ...words) => beginCommand(words, { cwd, env, after: null, input }).ended,
    runInShell: (after, ...words) => beginCommand(words, { cwd, env, after, input: null }).ended,
    async json(shape, ...words) {
      const { exitCode, stdout, stderr } = await run(...words, '--json');
      if (exitCode !== 0) throw new Error(`orrery ${words.join(' ')}: exit ${exitCode}\n${stdout}${stderr}`);
      return shape.parse(JSON.parse(stdout));
    },
    async refusal(...words) {
      const { exitCode, stdout } = await run(...words, '--json');
      return { exitCode, error: errorDocument.parse(JSON.parse(stdout)).error };
    },
  };
}

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** See {@link Workplace.runInShell}. */
  readonly after: string | null;
  /** See {@link Workplace.runWithInput}. */
  readonly input: string | null;
}

function beginCommand(words: readonly string[], { cwd, env, after, input }: Surroundings): Command {
  const shell = after === null ? [] : ['sh', '-c', `"$0" "$@" ${after}`];
  const [file = '', ...given] = [...shell, process.execPath, ...nodeOptions, program, ...words];
  const child = spawn(file, given, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  // A command that wants none may be gone before it is written.
  child.stdin.on('error', () => undefined).end(input ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    stdout += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part) => {
    stderr += part;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      alive.delete(command);
      resolve({ exitCode, stdout, stderr });
    });
  });
  const command: Command = {
    ended,
    stderr: () => stderr,
    signal: (name) => child.kill(name),
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const said = () => (typeof wanted === 'string' ? stderr.includes(wanted) : wanted.test(stderr));
        const look = () => {
          if (said()) resolve();
        };
        child.stderr.on('data', look);
        child.once('close', () => {
          if (!said())
            reject(new Error(`orrery ${words.join(' ')} ended without "${wanted}":\n${stdout}${stderr}`));
        });
        look();
      }),
  };
  alive.add(command);
  return command;
}
