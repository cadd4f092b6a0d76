import { asOrreryError, OrreryError, sinceProcessStartMs } from '../core/index.ts';
import { barCount, type RunDocument } from '../engine/index.ts';
import type { Orrery } from '../orrery/index.ts';
import type { RunEnding, RunView, RunWatch } from '../runs/index.ts';
import { estimateInWords } from './estimate-in-words.ts';
import { createProgressLine } from './progress-line.ts';
import { renderRun } from './render-run.ts';
import { reportOf, writeReport } from './report-of-run.ts';
import { writeAside } from './standard-streams.ts';
import { stopOnInterrupt } from './stop-on-interrupt.ts';
import type { TerminalSession } from './terminal-session.ts';

/** How else somebody follows the run, beside the progress line. */
export type Onlooker = Pick<RunWatch, 'onReady' | 'onStep'>;

/**
 * Runs with a progress line, and prints and writes what came of it. Ctrl-C ends the run before the next bar, or in front of the one that waits for a model, and
 * says how to go on; a second one ends the process.
 * @returns the exit code
 */
export async function followRun(
  session: TerminalSession,
  orrery: Orrery,
  begin: (watch: RunWatch) => Promise<RunEnding>,
  onlooker: Onlooker = {},
): Promise<number> {
  return stopOnInterrupt(session, async (stop) => {
    try {
      const ending = await begin(watchFor(session, orrery, stop, onlooker));
      session.showDrawn(null);
      return finish(session, orrery, ending);
    } finally {
      session.showDrawn(null);
    }
  });
}

function watchFor(session: TerminalSession, orrery: Orrery, stop: AbortSignal, onlooker: Onlooker): RunWatch {
  const terminal = session.terminal('stderr');
  const line = createProgressLine({
    stream: { write: writeAside },
    terminal,
    unit: 'bars',
    elapsedMs: sinceProcessStartMs,
  });
  let total = 0;
  return {
    stop,
    onRun: (run) => writeAside(`run ${run}\n`),
    onEstimate: (estimate) => session.say(estimateInWords(estimate, orrery.configuration.llm.budget)),
    onReady(view) {
      total = barCount(view.market.markets);
      session.showDrawn(line);
      onlooker.onReady?.(view);
    },
    onStep(view) {
      const { decisions: done, fellBack, fellBackFor } = view.tally;
      // A spent budget is no failure, and its alert stands above the line.
      const failures = fellBack - (fellBackFor['budget-exceeded'] ?? 0);
      line.update({ done, total, costUsd: view.usage().costUsd, failures });
      if (done >= total) line.end();
      return onlooker.onStep?.(view);
    },
  };
}

function finish(session: TerminalSession, orrery: Orrery, ending: RunEnding): number {
  if (ending.kind === 'stopped') {
    throw new OrreryError(
      'interrupted',
      `run ${ending.run} stopped after ${ending.view.tally.decisions} decisions`,
      {
        hint: `Go on with: orrery run --resume ${ending.run}`,
      },
    );
  }
  const document =
    ending.view === null ? ending.document : saveReport(session, orrery, ending.document, ending.view);
  if (session.json) session.printJson(document);
  else session.print(renderRun(document, session.terminal('stdout')));
  return 0;
}

/** The run is done and kept: a report that cannot be written takes nothing away but itself. */
function saveReport(
  session: TerminalSession,
  orrery: Orrery,
  document: RunDocument,
  view: RunView,
): RunDocument {
  try {
    writeReport(orrery.reportPath(document.run), reportOf(view, document, session.alerts));
    return document;
  } catch (thrown) {
    const { message } = asOrreryError(thrown);
    session.notices.alert(`the report cannot be written: ${message}`);
    session.say(`  Write it later with: orrery run --resume ${document.run}`);
    return { ...document, report: null };
  }
}
