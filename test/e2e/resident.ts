import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { type Ended, nodeOptions, type Surroundings } from './command.ts';

interface Carried extends Ended {
  readonly leavesNothing: boolean;
}

let resident: ChildProcess | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * Carries a command line out in a process that stays for the next one: to start Node and PostgreSQL's WebAssembly anew takes
 * longer than most commands do. One after another, in the order asked. Rejects when the command ends the process, or
 * leaves in it what the next would notice: such commands need a process of their own.
 */
export function carryOut(words: readonly string[], { cwd, env }: Surroundings): Promise<Ended> {
  const carried = last.then(() => ask(words, { cwd, env }));
  last = carried.catch(() => undefined);
  return carried;
}

/** Whatever is still carried out in it. */
export function endResident(): void {
  resident?.kill('SIGKILL');
}

function ask(words: readonly string[], { cwd, env }: Surroundings): Promise<Ended> {
  resident ??= startResident();
  const carrier = resident;
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => {
      resident = null;
      reject(new Error(`orrery ${words.join(' ')} ended the process it shares, with ${code}`));
    };
    carrier.once('exit', onExit).once('message', (message) => {
      carrier.off('exit', onExit);
      const { leavesNothing, ...ended } = message as Carried;
      if (leavesNothing) resolve(ended);
      else reject(new Error(`orrery ${words.join(' ')} still listens in the process it shares`));
    });
    carrier.send({ words, cwd, env });
  });
}

function startResident(): ChildProcess {
  const file = resolve(import.meta.dirname, 'resident-process.mjs');
  const started = fork(file, { execArgv: nodeOptions, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  // What is said between two commands belongs to none of them.
  started.stdout?.pipe(process.stderr);
  started.stderr?.pipe(process.stderr);
  return started;
}
