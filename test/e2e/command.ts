import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');
/** A command lives too briefly to earn back what optimising PostgreSQL's WebAssembly costs: half of its time. */
export const nodeOptions = ['--liftoff-only'];

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
  signal(name: 'SIGINT' | 'SIGHUP' | 'SIGKILL'): void;
}

/** Where a command is started. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

interface Redirections {
  /** What stands after the command in a shell; it is started without one when there is nothing. */
  readonly after?: string;
  /** Its stdin, empty unless given. */
  readonly input?: string;
}

const alive = new Set<Command>();

/** Kills those that are still under way. */
export async function endCommands(): Promise<void> {
  for (const command of alive) command.signal('SIGKILL');
  await Promise.all([...alive].map((command) => command.ended));
}

/** Starts the built command in a process of its own. */
export function beginCommand(
  words: readonly string[],
  { cwd, env }: Surroundings,
  { after, input = '' }: Redirections = {},
): Command {
  const shell = after === undefined ? [] : ['sh', '-c', `"$0" "$@" ${after}`];
  const [file = '', ...given] = [...shell, process.execPath, ...nodeOptions, program, ...words];
  const child = spawn(file, given, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  // A command that wants none may be gone before it is written.
  child.stdin.on('error', () => undefined).end(input);
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
