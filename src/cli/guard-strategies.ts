import { statSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { firstLineOf, OrreryError } from '../core/index.ts';
import type { Orrery } from '../orrery/index.ts';
import { type Deed, type Failing, timersRunning, watchDeeds } from './own-code-deeds.ts';
import { printAside } from './print-aside.ts';

/**
 * The same program; but what a strategy's file does when its turn is over, such as in a timer, ends the command with an
 * error that names the file, and so does a file that ends the process.
 */
export function guardStrategies(orrery: Orrery, session: Failing): Orrery {
  const guarded = <Result>(sources: readonly string[], work: () => Promise<Result>) =>
    guard(sources.filter(isFile), session, work);
  return {
    ...orrery,
    backtest: (strategy, request) => guarded([strategy], () => orrery.backtest(strategy, request)),
    compare: (strategies, request) => guarded(strategies, () => orrery.compare(strategies, request)),
    check: (subject, request) => guarded([subject], () => orrery.check(subject, request)),
    sweep: (strategy, request, watch) => guarded([strategy], () => orrery.sweep(strategy, request, watch)),
    walkForward: (strategy, request, days, watch) =>
      guarded([strategy], () => orrery.walkForward(strategy, request, days, watch)),
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

async function guard<Result>(
  files: readonly string[],
  session: Failing,
  work: () => Promise<Result>,
): Promise<Result> {
  if (files.length === 0) return work();
  const tell = printAside();
  const watched = watchDeeds(session, (deed) => errorOf(files, deed));
  const before = timersRunning();
  try {
    const result = await work();
    // Before the result is told: what is due now has failed then.
    await setTimeout(1);
    await setImmediate();
    // It would keep the process waiting, and may yet fail.
    if (timersRunning() > before) watched.end(misconduct(files, 'left a timer running', inTurn));
    return result;
  } finally {
    tell();
    // Not closed: what a strategy has left behind may fail at any time until the process ends.
    watched.letEnd();
  }
}

const inTurn = 'A strategy decides within next and waits for nothing; --verbose shows where.';

function errorOf(files: readonly string[], deed: Deed): OrreryError {
  switch (deed.kind) {
    case 'thrown':
      return misconduct(files, 'failed when its turn was over', inTurn, deed.thrown);
    case 'rejected':
      return misconduct(files, 'left a promise that was rejected', inTurn, deed.thrown);
    case 'idle':
      return misconduct(files, 'waits for a promise that is never settled', inTurn);
    case 'ended':
      return misconduct(
        files,
        `ended the process with exit code ${deed.code}`,
        'Take process.exit out: to do nothing at a bar, return; for bad parameters, throw an error.',
      );
  }
}

function misconduct(files: readonly string[], did: string, hint: string, thrown?: unknown): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const file = files.find((one) => stack.includes(one)) ?? files.join(' or ');
  const words = thrown === undefined ? '' : `: ${firstLineOf(thrown)}`;
  return new OrreryError('strategy-invalid', `${file} ${did}${words}`, { hint, cause: thrown });
}
