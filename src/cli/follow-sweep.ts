import { sinceProcessStartMs } from '../core/index.ts';
import type { SweepWatch } from '../runs/index.ts';
import { createProgressLine } from './progress-line.ts';
import { writeAside } from './standard-streams.ts';
import type { TerminalSession } from './terminal-session.ts';

/** Follows many backtests with a progress line. Ctrl-C ends them at once; a second one ends the process. */
export async function followSweep<Result>(
  session: TerminalSession,
  begin: (watch: SweepWatch) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  const line = createProgressLine({
    stream: { write: writeAside },
    terminal: session.terminal('stderr'),
    unit: 'backtests',
    elapsedMs: sinceProcessStartMs,
  });
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  session.showDrawn(line);
  try {
    return await begin({
      stop: stop.signal,
      onProgress: (done, total) => line.update({ done, total, costUsd: 0, failures: 0 }),
    });
  } finally {
    line.end();
    session.showDrawn(null);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
