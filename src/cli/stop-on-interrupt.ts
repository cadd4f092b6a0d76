import type { TerminalSession } from './terminal-session.ts';

/** Ctrl-C aborts the signal and says so; a second one ends the process. */
export async function stopOnInterrupt<Result>(
  session: TerminalSession,
  work: (stop: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130);
    session.say('stopping … (Ctrl-C again ends at once)');
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
