import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

type Stream = 'stdout' | 'stderr';

/** Has to be called once, before anything is written. */
export function guardStreams(): void {
  process.stdout.on('error', loseStdout);
  // A run does not end because nobody listens to its progress.
  process.stderr.on('error', () => undefined);
}

/**
 * Writes results. A reader that has seen enough (`| head`) ends the process as a success, anything else that keeps
 * them from being written as a failure.
 * @returns false when the reader is slow: then wait for `drain`
 */
export function writeResult(text: string): boolean {
  try {
    return write('stdout', text);
  } catch (error) {
    return loseStdout(error);
  }
}

/** Writes what is for a person. Where it cannot be written, it is lost. */
export function writeAside(text: string): void {
  try {
    write('stderr', text);
  } catch {
    // Nobody can be told.
  }
}

/** On a full disk Node's own stream for files throws or emits, by its version, and drops what did not fit in silence. */
function write(stream: Stream, text: string): boolean {
  const target: NodeJS.WritableStream & { readonly fd: number } = process[stream];
  if (target instanceof Socket) return target.write(text);
  writeFileSync(target.fd, text);
  return true;
}

function loseStdout(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(0);
  writeAside(`error: stdout cannot be written: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
