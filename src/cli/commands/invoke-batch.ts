import { OrreryError } from '../../core/index.ts';
import type { Invocation } from '../../orrery/index.ts';
import { count, counted, usd } from '../../wording/index.ts';
import { readBatchInputs } from '../batch-inputs.ts';
import { openBatchRecord } from '../batch-record.ts';
import { wasStopped } from '../follow-invocation.ts';
import { printAside } from '../print-aside.ts';
import type { Processor } from '../process-document.ts';
import { readWholeNumber } from '../read-options.ts';
import { type BatchTotals, runBatch } from '../run-batch.ts';
import { writeAside } from '../standard-streams.ts';
import { stopOnInterrupt } from '../stop-on-interrupt.ts';
import { resolvePath, type TerminalSession } from '../terminal-session.ts';
import { type InvokeOptions, refuseStrayAnswers } from './invoke-options.ts';

export interface BatchRequest {
  readonly options: InvokeOptions;
  readonly ensemble: string;
  readonly given: ReadonlyMap<string, string>;
  readonly process: Processor;
  readonly batch: string;
}

const usualConcurrency = 4;
const mostConcurrency = 1_000;

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
      refuseStrayAnswers(given, invocation.prepared);
      const inputs = readBatchInputs(resolvePath(batch), batch);
      if (inputs.length === 0) {
        throw new OrreryError('usage-invalid', `${batch} holds no input`, { hint: 'Write one a line.' });
      }
      const totals = await runAll(session, request, { invocation, inputs, concurrency, stop });
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
  const ensemble = invocation.prepared.spec.name;
  const record = openBatchRecord({ file: resolvePath(name), name, ensemble, inputs: work.inputs });
  // An agent that is a user's own code may print what is no result.
  const tellAgain = printAside();
  try {
    writeAside(`run ${invocation.run}\n`);
    const before = record.done.size;
    if (before > 0) session.say(`${counted(before, 'input')} of ${count(work.inputs.length)} done before`);
    return await runBatch(session, {
      ...work,
      record,
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
  { options, ensemble, batch }: BatchRequest,
  { run, prepared }: Invocation,
  totals: BatchTotals,
): number {
  const { inputs, completed, partial, failed, costUsd } = totals;
  const done = completed + partial + failed;
  if (done < inputs) {
    throw new OrreryError(
      'interrupted',
      `run ${run} stopped after ${count(done)} of ${counted(inputs, 'input')}`,
      {
        hint: `Go on with: orrery invoke ${ensemble} --batch ${batch} --out ${options.out}`,
      },
    );
  }
  if (session.json) session.printJson({ run, ensemble: prepared.spec.name, out: options.out, ...totals });
  else {
    const statuses = `${count(completed)} completed, ${count(partial)} partial, ${count(failed)} failed`;
    session.print(`${counted(inputs, 'input')}: ${statuses}${costUsd > 0 ? `, ${usd(costUsd)}` : ''}`);
  }
  return failed > 0 ? 1 : 0;
}
