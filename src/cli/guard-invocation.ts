import { setImmediate, setTimeout } from 'node:timers/promises';
import { firstLineOf, OrreryError } from '../core/index.ts';
import { type Deed, type Failing, placeIn, timersRunning, watchDeeds } from './own-code-deeds.ts';

/**
 * Does the work; but what the module of a model agent, a plug-in or another file of the user's own does outside its turn, such as in a
 * timer, ends the command with an error that says so, and so does code that ends the process.
 */
export async function guardInvocation<Result>(
  session: Failing,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = timersRunning();
  const watched = watchDeeds(session, misconduct);
  try {
    return await work();
  } finally {
    watched.letEnd();
    // What was left behind may fail at any time until the process ends.
    if (timersRunning() <= before) watched.close();
  }
}

/** To be awaited before a result is told: what is due by then has failed then. */
export async function letFail(): Promise<void> {
  await setTimeout(1);
  await setImmediate();
}

const outside = 'Throw within the turn, and await there what it begins; --verbose shows where.';

function misconduct(deed: Deed): OrreryError {
  switch (deed.kind) {
    case 'ended':
      return failed(
        `${whoIn(deed.stack)} ended the process with exit code ${deed.code}`,
        'Take process.exit out: to fail, throw an error.',
      );
    case 'idle':
      return failed(`${someone} waits for a promise that is never settled`, 'Settle it.');
    case 'thrown':
    case 'rejected': {
      const { thrown } = deed;
      if (thrown instanceof OrreryError) return thrown;
      const who = whoIn(thrown instanceof Error ? (thrown.stack ?? '') : '');
      const did = deed.kind === 'thrown' ? 'failed outside its turn' : 'left a promise that was rejected';
      return failed(`${who} ${did}: ${firstLineOf(thrown)}`, outside, thrown);
    }
  }
}

const someone = 'the module of a model agent or a plug-in';

function whoIn(stack: string): string {
  const place = placeIn(stack);
  return place === null ? someone : `${place} (${someone})`;
}

function failed(message: string, hint: string, cause?: unknown): OrreryError {
  return new OrreryError('agent-failed', message, { hint, cause });
}
