import { OrreryError } from '../../core/index.ts';
import type { Invocation } from '../../orrery/index.ts';
import { count, counted, usd } from '../../wording/index.ts';
import { readBatchInputs } from '../batch-inputs.ts';
import { type BatchRecord, type BatchResult, openBatchRecord } from '../batch-record.ts';
import { wasStopped } from '../follow-invocation.ts';
import { letFail } from '../guard-invocation.ts';
import { lockBatch } from '../lock-batch.ts';
import { printAside } from '../print-aside.ts';
import type { Processor } from '../process-document.ts';
import { readWholeNumber } from '../read-options.ts';
import { type BatchTotals, runBatch } from '../run-batch.ts';
import { writeAside } from '../standard-streams.ts';
import { stopOnInterrupt } from '../stop-on-interrupt.ts';
import { cut, oneLine } from '../terminal.ts';
import { resolvePath, type TerminalSession } from '../terminal-session.ts';
import { invokeCommand } from './invoke-command.ts';
import type { InvokeOptions } from './invoke-options.ts';

export interface BatchRequest {
  readonly options: InvokeOptions;
  readonly ensemble: string;
  readonly given: ReadonlyMap<string, string>;
  readonly process: Processor;
  readonly batch: string;
}

const usualConcurrency = 4;
const mostConcurrency = 1_000;
/** Errors that are told at the end; others are counted. */
const mostErrors = 3;
const errorWidth = 200;

/** Exit code 1 when the ensemble failed on any input. */
export async function invokeBatch(session: TerminalSession, request: BatchRequest): Promise<number> {
  const { options, ensemble, given, batch } = request;
  const concurrency =
    options.concurrency === undefined
      ? usualConcurrency
      : readWholeNumber('--concurrency', options.concurrency, 1, mostConcurrency);
  const orrery = await session.orrery();
  const choices = { given, fresh: options.fresh, run: options.id };
  return stopOnInterrupt(session, (stop) =>
    orrery.withEnsemble(ensemble, choices, async (invocation) => {
      const inputs = readBatchInputs(resolvePath(batch), batch);
      if (inputs.length === 0) {
        throw new OrreryError('usage-invalid', `${batch} holds no input`, { hint: 'Write one a line.' });
      }
      const totals = await runAll(session, request, { invocation, inputs, concurrency, stop });
      await letFail();
      return tell(session, request, invocation, totals);
    }),
  );
}

type Work = Pick<Parameters<typeof runBatch>[1], 'inputs' | 'concurrency' | 'stop'> & {
  readonly invocation: Invocation;
};

async function runAll(
  session: TerminalSession,
  { options, process }: BatchRequest,
  { invocation, ...work }: Work,
): Promise<BatchTotals> {
  const name = options.out ?? '';
  const file = resolvePath(name);
  const unlock = await lockBatch(file, name);
  try {
    const ensemble = invocation.prepared.spec.name;
    const by = invocation.answeredBy();
    const record = openBatchRecord({ file, name, ensemble, by, inputs: work.inputs });
    const before = { record, by, retryFailed: options.retryFailed === true };
    return await answerAll(session, { ...before, process, invocation, ...work });
  } finally {
    await unlock();
  }
}

interface Before {
  readonly record: BatchRecord;
  readonly by: string;
  readonly retryFailed: boolean;
}

/** What was done before and stays; told, as is what came of something else. */
function doneBefore(
  session: TerminalSession,
  { record, by, retryFailed }: Before,
  inputs: number,
): ReadonlyMap<number, BatchResult> {
  const kept = new Map([...record.done].filter(([, { status }]) => !(retryFailed && status === 'failed')));
  if (kept.size > 0) session.say(`${counted(kept.size, 'input')} of ${count(inputs)} done before`);
  const others = [...kept.values()].filter((result) => result.by !== null && result.by !== by).length;
  if (others > 0) {
    const what = `${count(others)} of ${counted(kept.size, 'earlier result')}`;
    session.notices.warn(
      `${what} came of something else: the ensemble, a prompt or a model has changed since. Give another --out to have all anew`,
    );
  }
  return kept;
}

type Answering = Before & Work & Pick<BatchRequest, 'process'>;

async function answerAll(
  session: TerminalSession,
  { process, invocation, record, by, retryFailed, ...work }: Answering,
): Promise<BatchTotals> {
  // An agent that is a user's own code may print what is no result.
  const tellAgain = printAside();
  try {
    writeAside(`run ${invocation.run}\n`);
    const done = doneBefore(session, { record, by, retryFailed }, work.inputs.length);
    return await runBatch(session, {
      ...work,
      ...{ record, done },
      async perform({ input, index }, signal) {
        const document = await invocation.invoke(input, { run: `${invocation.run}-${index}`, signal });
        return wasStopped(document, signal) ? null : process(document);
      },
    });
  } finally {
    tellAgain();
    record.close();
  }
}

function tell(
  session: TerminalSession,
  { options, ensemble }: BatchRequest,
  { run, prepared }: Invocation,
  totals: BatchTotals,
): number {
  const { inputs, completed, partial, failed, costUsd, errors } = totals;
  const done = completed + partial + failed;
  if (done < inputs) {
    throw new OrreryError(
      'interrupted',
      `run ${run} stopped after ${count(done)} of ${counted(inputs, 'input')}`,
      {
        hint: `Go on with: ${invokeCommand(ensemble, options)}`,
      },
    );
  }
  for (const { message, count: number } of errors.slice(0, mostErrors)) {
    session.say(`${count(number)} × ${cut(oneLine(message), errorWidth)}`);
  }
  const others = errors.slice(mostErrors).reduce((sum, error) => sum + error.count, 0);
  if (others > 0) session.say(`${count(others)} × something else`);
  if (failed > 0)
    session.say(`Do them again with: ${invokeCommand(ensemble, { ...options, retryFailed: true })}`);
  if (session.json) {
    const told = { ...totals, errors: errors.slice(0, mostErrors) };
    session.printJson({ run, ensemble: prepared.spec.name, out: options.out, ...told });
  } else {
    const statuses = `${count(completed)} completed, ${count(partial)} partial, ${count(failed)} failed`;
    session.print(`${counted(inputs, 'input')}: ${statuses}${costUsd > 0 ? `, ${usd(costUsd)}` : ''}`);
  }
  return failed > 0 ? 1 : 0;
}
