import { statSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { firstLineOf, OrreryError } from '../core/index.ts';
import type { Orrery } from '../orrery/index.ts';
import { printAside } from './print-aside.ts';

/** Who tells the person, and gives the exit code. */
interface Failing {
  fail(thrown: unknown): number;
}

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
  const end = (did: string, hint: string, thrown?: unknown) => {
    tell();
    process.off('exit', onExit);
    process.exit(session.fail(misconduct(files, did, hint, thrown)));
  };
  const onExit = (code: number) => {
    tell();
    // A second Ctrl-C, which is the person's own wish.
    if (code !== secondInterrupt) process.exitCode = session.fail(ended(files, code));
  };
  // Nothing is left that could settle what is waited for.
  const onIdle = () => end('waits for a promise that is never settled', inTurn);
  // For good: what a strategy has left behind may fail at any time until the process ends.
  process.on('uncaughtException', (thrown) => end('failed when its turn was over', inTurn, thrown));
  process.on('unhandledRejection', (thrown) => end('left a promise that was rejected', inTurn, thrown));
  process.on('exit', onExit).on('beforeExit', onIdle);
  const before = timersRunning();
  try {
    const result = await work();
    // Before the result is told: what is due now has failed then.
    await setTimeout(1);
    await setImmediate();
    // It would keep the process waiting, and may yet fail.
    if (timersRunning() > before) end('left a timer running', inTurn);
    return result;
  } finally {
    tell();
    process.off('exit', onExit).off('beforeExit', onIdle);
  }
}

const secondInterrupt = 130;
const inTurn = 'A strategy decides within next and waits for nothing; --verbose shows where.';

function timersRunning(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

function ended(files: readonly string[], code: number): OrreryError {
  return misconduct(
    files,
    `ended the process with exit code ${code}`,
    'Take process.exit out: to do nothing at a bar, return; for bad parameters, throw an error.',
  );
}

function misconduct(files: readonly string[], did: string, hint: string, thrown?: unknown): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const file = files.find((one) => stack.includes(one)) ?? files.join(' or ');
  const words = thrown === undefined ? '' : `: ${firstLineOf(thrown)}`;
  return new OrreryError('strategy-invalid', `${file} ${did}${words}`, { hint, cause: thrown });
}
