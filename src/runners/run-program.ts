import { type ChildProcess, spawn } from 'node:child_process';
import { orAborted } from './or-aborted.ts';
import { openGroup, type ProcessGroup } from './process-group.ts';

export interface Program {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  /** Where it runs. Absolute. */
  readonly folder: string;
  /** All it sees of the environment. */
  readonly environment: { readonly [name: string]: string };
  readonly stdin: string;
  /** Of stdout, and again of stderr. */
  readonly maxOutputBytes: number;
  readonly signal: AbortSignal;
}

interface Printed {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** How a program ended. `not-started` has the system's word for why, e.g. `ENOENT`. */
export type ProgramEnd =
  | ({ readonly kind: 'exited'; readonly code: number } & Printed)
  | ({ readonly kind: 'killed'; readonly by: string } & Printed)
  | { readonly kind: 'too-long'; readonly stream: 'stdout' | 'stderr' }
  | { readonly kind: 'not-started'; readonly code: string };

/** For what children of a program that has ended still print. */
const pipesPatienceMs = 100;

/**
 * Runs a program without a shell and waits for its end. Whatever it started in its process group is gone when this settles, however it
 * does.
 * @throws the signal's reason at once when it aborts
 */
export async function runProgram(program: Program): Promise<ProgramEnd> {
  program.signal.throwIfAborted();
  const child = start(program);
  if (typeof child === 'string') return { kind: 'not-started', code: child };
  const group = openGroup(child);
  try {
    // One that reads nothing, or no more, is free to.
    child.stdin?.on('error', () => {});
    child.stdin?.end(program.stdin);
    return await orAborted(program.signal, () => endOf(child, group, program.maxOutputBytes));
  } finally {
    group.close();
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  }
}

function start({ file, args, folder, environment }: Program): ChildProcess | string {
  try {
    return spawn(file, args, {
      cwd: folder,
      env: environment,
      stdio: 'pipe',
      shell: false,
      windowsHide: true,
      detached: process.platform !== 'win32',
    });
  } catch (thrown) {
    return codeOf(thrown);
  }
}

function endOf(child: ChildProcess, group: ProcessGroup, maxOutputBytes: number): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    for (const stream of ['stdout', 'stderr'] as const) {
      let bytes = 0;
      child[stream]?.on('error', () => {});
      child[stream]?.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxOutputBytes) resolve({ kind: 'too-long', stream });
        else chunks[stream].push(chunk);
      });
    }
    let patience: NodeJS.Timeout | undefined;
    const conclude = () => {
      clearTimeout(patience);
      const { exitCode: code, signalCode: by } = child;
      const printed = { stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr) };
      resolve(
        by === null ? { kind: 'exited', code: code ?? 0, ...printed } : { kind: 'killed', by, ...printed },
      );
    };
    child.on('error', (thrown) => {
      if (child.pid === undefined) resolve({ kind: 'not-started', code: codeOf(thrown) });
    });
    child.on('close', conclude);
    child.on('exit', () => {
      patience = setTimeout(() => {
        group.kill();
        // What was printed before that is read first. Who left the group may hold the pipes still, and is not waited for.
        patience = setTimeout(conclude, pipesPatienceMs);
      }, pipesPatienceMs);
    });
  });
}

function codeOf(thrown: unknown): string {
  const { code } = thrown as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'UNKNOWN';
}
