import type { TerminalSession } from './terminal-session.ts';

/** A closed terminal is told twice: by the system, and by the shell. */
const lost = 'SIGHUP';
const signals = ['SIGINT', 'SIGTERM', 'SIGQUIT', lost] as const;

/** Ctrl-C aborts the signal and says so; a second one ends the process. A terminal that is closed aborts it, too. */
export async function stopOnInterrupt<Result>(
  session: TerminalSession,
  work: (stop: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted && signal === lost) return;
    if (stop.signal.aborted) process.exit(130);
    session.say('stopping … (Ctrl-C again ends at once)');
    stop.abort();
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
