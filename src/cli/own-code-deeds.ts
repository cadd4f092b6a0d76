import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OrreryError } from '../core/index.ts';
import { endAsides } from './print-aside.ts';

/** Who tells the person, and gives the exit code. */
export interface Failing {
  fail(thrown: unknown): number;
}

/** What a user's own code does to the process it shares. */
export type Deed =
  | { readonly kind: 'thrown' | 'rejected'; readonly thrown: unknown }
  | { readonly kind: 'ended'; readonly code: number; readonly stack: string }
  /** Nothing is left that could settle what is waited for. */
  | { readonly kind: 'idle' };

export interface WatchedDeeds {
  /** Ends the process with that error as its result. */
  end(error: OrreryError): never;
  /** From now on the process may end as it likes; what is thrown still ends it with an error. */
  letEnd(): void;
  /** Nothing is watched any more. */
  close(): void;
}

/** Until it is closed, a deed ends the command with the error that `errorOf` makes of it. */
export function watchDeeds(session: Failing, errorOf: (deed: Deed) => OrreryError): WatchedDeeds {
  let idled = false;
  const end = (error: OrreryError): never => {
    letEnd();
    endAsides();
    process.exit(session.fail(error));
  };
  const onThrown = (thrown: unknown) => end(errorOf({ kind: 'thrown', thrown }));
  const onRejected = (thrown: unknown) => end(errorOf({ kind: 'rejected', thrown }));
  const onIdle = () => {
    // Others who are told of it, too, and know more may go on.
    if (idled) end(errorOf({ kind: 'idle' }));
    idled = true;
    setImmediate(() => undefined);
  };
  const onExit = (code: number) => {
    const stack = new Error().stack ?? '';
    if (isOwn(callerOfExit(stack))) return;
    endAsides();
    process.exitCode = session.fail(errorOf({ kind: 'ended', code, stack }));
  };
  const letEnd = () => process.off('exit', onExit).off('beforeExit', onIdle);
  process.on('uncaughtException', onThrown).on('unhandledRejection', onRejected);
  process.on('exit', onExit).on('beforeExit', onIdle);
  return {
    end,
    letEnd,
    close() {
      letEnd();
      process.off('uncaughtException', onThrown).off('unhandledRejection', onRejected);
    },
  };
}

/** Timers that keep the process alive. */
export function timersRunning(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

/** The line of a user's file, as `FILE:LINE`, that a stack leads to; null where it leads to none. */
export function placeIn(stack: string): string | null {
  const frames = stack.split('\n').filter((line) => line.trimStart().startsWith('at '));
  const frame = frames.find((line) => /[/\\]/.test(line) && !isOwn(line) && !foreign.test(line));
  const place = frame?.match(/(?:file:\/\/)?((?:[A-Za-z]:)?[/\\][^()]*?:\d+):\d+\)?$/)?.[1];
  return place ?? null;
}

const foreign = /[( ]node:|[/\\]node_modules[/\\]/;
const ownFolder = dirname(dirname(fileURLToPath(import.meta.url)));

function isOwn(frame: string): boolean {
  return frame.includes(ownFolder);
}

/** A second Ctrl-C ends the process in this very program, and so does a reader who has seen enough. */
function callerOfExit(stack: string): string {
  const lines = stack.split('\n');
  const exit = lines.findIndex((line) => /\bprocess\.(?:reallyExit|exit)\b/.test(line));
  return exit === -1 ? '' : (lines[exit + 1] ?? '');
}
