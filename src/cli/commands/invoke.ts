import { asOrreryError, OrreryError } from '../../core/index.ts';
import {
  type EnsembleDocument,
  type EnsembleInput,
  formatMarkdown,
  formatText,
  readInput as inputFrom,
} from '../../ensemble/index.ts';
import type { Invocation, InvocationFolder, Orrery } from '../../orrery/index.ts';
import { counted, duration, usd } from '../../wording/index.ts';
import type { AgentsShown } from '../agents-shown.ts';
import { askOnTerminal } from '../ask-on-terminal.ts';
import { canStream, followInvocation, type InvocationEnding, wasStopped } from '../follow-invocation.ts';
import { guardInvocation, letFail } from '../guard-invocation.ts';
import { openOwnFunction } from '../own-function.ts';
import { openProcessors, type Processor } from '../process-document.ts';
import { readInput } from '../read-input.ts';
import { writeAside } from '../standard-streams.ts';
import { stopOnInterrupt } from '../stop-on-interrupt.ts';
import type { TerminalSession } from '../terminal-session.ts';
import { invokeBatch } from './invoke-batch.ts';
import {
  type InvokeOptions,
  type OutputFormat,
  readAnswers,
  readFormat,
  refuseContradictions,
} from './invoke-options.ts';

/** The text for stdout; null where there is none, or it stands there already. */
type Format = (ending: InvocationEnding) => Promise<string | null>;

interface Request {
  readonly options: InvokeOptions;
  readonly ensemble: string;
  readonly given: ReadonlyMap<string, string>;
  readonly process: Processor;
  readonly format: Format;
  /** Pieces may be shown before the end, since nothing else is made of them. */
  readonly plain: boolean;
}

/** Exit code 1 when the ensemble failed. */
export async function invoke(
  session: TerminalSession,
  options: InvokeOptions,
  ensemble: string,
): Promise<number> {
  refuseContradictions(options);
  return guardInvocation(session, () => begin(session, options, ensemble));
}

async function begin(session: TerminalSession, options: InvokeOptions, ensemble: string): Promise<number> {
  const given = readAnswers(options.answer ?? []);
  const files = options.process ?? [];
  if (options.batch !== undefined) {
    const process = await openProcessors(files);
    return invokeBatch(session, { options, ensemble, given, process, batch: options.batch });
  }
  const output = readFormat(options, session.terminal('stdout').interactive);
  refuseNoInput(options);
  const format = await openFormat(output);
  const process = await openProcessors(files);
  const plain = (output.kind === 'rich' || output.kind === 'text') && files.length === 0;
  const request = { options, ensemble, given, process, format, plain };
  const orrery = await session.orrery();
  return stopOnInterrupt(session, (stop) => perform(session, orrery, request, stop));
}

async function perform(
  session: TerminalSession,
  orrery: Orrery,
  request: Request,
  stop: AbortSignal,
): Promise<number> {
  const { options, ensemble, given, plain } = request;
  let shown: AgentsShown | null = null;
  const { stdin, stderr, stdout } = process;
  const ask = askOnTerminal({
    stdin,
    write: writeAside,
    hide: () => shown?.hide(),
    show: () => shown?.show(),
  });
  const choices = {
    ...{ given, fresh: options.fresh, run: options.id },
    // Where nobody sees the question, nobody can answer it.
    ...(stdin.isTTY === true && stderr.isTTY === true ? { ask } : {}),
  };
  return orrery.withEnsemble(ensemble, choices, async (invocation) => {
    const text = options.input ?? (await readInput(stdin, (words) => session.say(words), stop));
    const input = inputFrom(text);
    writeAside(`run ${invocation.run}\n`);
    if (seemsJson(input)) {
      session.notices.warn('the input begins like JSON but is none, so it is taken as text');
    }
    const folder = options.save ? beginFolder(session, orrery, invocation, text) : null;
    const ending = await followInvocation(session, {
      ...{ invocation, input, stop },
      streams: plain && stdout.isTTY === true && canStream(invocation.prepared),
      onShown: (drawn) => {
        shown = drawn;
      },
    });
    return finish(session, request, { ending, folder, stop });
  });
}

/** Somebody who builds JSON by hand would wonder why `input.name` is not there. */
function seemsJson({ value, text }: EnsembleInput): boolean {
  return typeof value === 'string' && /^\s*[[{]/.test(text);
}

interface Ended {
  readonly ending: InvocationEnding;
  readonly folder: InvocationFolder | null;
  readonly stop: AbortSignal;
}

async function finish(session: TerminalSession, request: Request, ended: Ended): Promise<number> {
  const { ending, folder, stop } = ended;
  const raw = ending.document;
  if (wasStopped(raw, stop)) {
    save(session, folder, raw);
    throw stopped(raw, folder);
  }
  let document = raw;
  try {
    document = await request.process(raw);
  } finally {
    // What was paid for is kept, whatever is made of it.
    save(session, folder, document);
  }
  const text = await request.format({ ...ending, document });
  await letFail();
  if (text !== null) session.printOutside(text);
  session.say(inShort(document));
  if (folder !== null) session.say(`kept in ${folder.path}`);
  if (document.status !== 'failed') return 0;
  if (document.error !== null) session.explain(document.error);
  return 1;
}

/** A run is worth more than its folder: one that cannot be kept is done all the same. */
function beginFolder(
  session: TerminalSession,
  orrery: Orrery,
  { run }: Invocation,
  input: string,
): InvocationFolder | null {
  try {
    return orrery.beginInvocation(run, input);
  } catch (thrown) {
    if (thrown instanceof OrreryError) throw thrown;
    session.notices.alert(`nothing of this run is kept: ${asOrreryError(thrown).message}`);
    return null;
  }
}

function save(session: TerminalSession, folder: InvocationFolder | null, document: EnsembleDocument): void {
  try {
    folder?.end(document);
  } catch (thrown) {
    session.notices.alert(`the result is not kept: ${asOrreryError(thrown).message}`);
  }
}

function stopped({ run, agents }: EnsembleDocument, folder: InvocationFolder | null): OrreryError {
  const all = Object.values(agents);
  const answered = all.filter(({ status }) => status === 'ok').length;
  const kept = folder === null ? '' : `; what was answered is in ${folder.path}`;
  return new OrreryError(
    'interrupted',
    `run ${run} was stopped after ${answered} of ${counted(all.length, 'agent')}`,
    {
      hint: `Run it again${kept}.`,
    },
  );
}

function inShort({ status, agents, usage, timings }: EnsembleDocument): string {
  const { calls, cacheHits, costUsd } = usage;
  const parts = [
    counted(Object.keys(agents).length, 'agent'),
    ...(calls > 0 ? [`${counted(calls, 'question')} to models`] : []),
    ...(cacheHits > 0 ? [`${counted(cacheHits, 'answer')} from the cache`] : []),
    ...(costUsd > 0 ? [usd(costUsd)] : []),
    duration(timings.totalMs),
  ];
  return `${status}: ${parts.join(' · ')}`;
}

/** @throws OrreryError `usage-invalid`, `file-not-found` */
async function openFormat(format: OutputFormat): Promise<Format> {
  switch (format.kind) {
    case 'json':
      return async ({ document }) => JSON.stringify(document);
    case 'markdown':
      return async ({ document }) => formatMarkdown(document);
    case 'rich':
    case 'text':
      return async ({ document, streamed }) => {
        if (document.status === 'failed') return null;
        const text = formatText(document);
        return streamed === text ? null : text;
      };
    case 'own': {
      const own = await openOwnFunction(format.file);
      return async ({ document }) => {
        const text = await own(document);
        if (typeof text === 'string') return text;
        throw new OrreryError('usage-invalid', `${format.file} gives back no text`, {
          hint: 'Write: export default (document) => `…`',
        });
      };
    }
  }
}

/** @throws OrreryError `usage-invalid` */
function refuseNoInput({ input }: InvokeOptions): void {
  if (input !== undefined || process.stdin.isTTY !== true) return;
  throw new OrreryError('usage-invalid', 'there is no input', {
    hint: 'Give it with --input TEXT, or pipe it in: cat FILE | orrery invoke ENSEMBLE',
  });
}
