import { isAbsolute, resolve } from 'node:path';
import { asOrreryError, type Notices, OrreryError } from '../core/index.ts';
import type { Orrery } from '../orrery/index.ts';
import type { RenderedTable } from './render-table.ts';
import { writeAside, writeResult } from './standard-streams.ts';
import { describeTerminal, forTerminal, harmless, type Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface SharedOptions {
  readonly json?: boolean;
  /** The form of the result, where a command has several; `json` means the same as `--json`. */
  readonly output?: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly color?: boolean;
  readonly verbose?: boolean;
}

/** What is drawn on stderr while work goes on, and steps aside for a line of its own. */
interface Drawn {
  notice(text: string): void;
}

/**
 * One command at work: results go to stdout, everything else to stderr. With `--json` stdout gets one document,
 * an error included.
 */
export class TerminalSession {
  readonly options: SharedOptions;
  readonly #said = new Set<string>();
  readonly #alerts: string[] = [];
  #drawn: Drawn | null = null;
  #printed = false;

  constructor(options: SharedOptions) {
    this.options = options;
  }

  get json(): boolean {
    return this.options.json === true || this.options.output === 'json';
  }

  /** Alerts so far, for the report. */
  get alerts(): readonly string[] {
    return this.#alerts;
  }

  /** What a stream can show. */
  terminal(stream: 'stdout' | 'stderr'): Terminal {
    return describeTerminal(process[stream], process.env, { noColor: this.options.color === false });
  }

  readonly notices: Notices = {
    warn: (text) => this.#sayOnce(`note: ${text}`),
    alert: (text) => {
      this.#alerts.push(text);
      this.say(`alert: ${text}`);
    },
  };

  /** The program, configured by this command's options. Loaded late: help must not wait for it. */
  async orrery(): Promise<Orrery> {
    const { createOrrery } = await import('../orrery/index.ts');
    const { guardStrategies } = await import('./guard-strategies.ts');
    const { config, set } = this.options;
    const orrery = createOrrery({
      cwd: workingFolder(),
      environment: process.env,
      notices: this.notices,
      configFile: config === undefined ? null : resolvePath(config),
      overrides: set ?? [],
    });
    return guardStrategies(orrery, this);
  }

  /** While it is set, lines go through it, so that what is drawn is never torn. */
  showDrawn(drawn: Drawn | null): void {
    this.#drawn = drawn;
  }

  /** A line for the person, on stderr. */
  say(text: string): void {
    const line = forTerminal(this.terminal('stderr'), harmless(text));
    if (this.#drawn === null) writeAside(`${line}\n`);
    else this.#drawn.notice(line);
  }

  /** A result, on stdout. */
  print(text: string): void {
    this.#printed = true;
    writeResult(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** A result that others wrote: as it is in a pipe, and harmless on a terminal. */
  printOutside(text: string): void {
    this.print(process.stdout.isTTY === true ? harmless(text) : text);
  }

  printTable({ out, notes }: RenderedTable): void {
    writeResult(out);
    writeAside(notes);
  }

  printJson(document: unknown): void {
    this.print(JSON.stringify(document));
  }

  /** A list as one JSON document, written as it is read: a run may have more records than memory. */
  async printJsonList(items: AsyncIterable<unknown>): Promise<void> {
    let separator = '[';
    for await (const item of items) {
      await write(`${separator}${JSON.stringify(item)}`);
      separator = ',\n';
    }
    await write(separator === '[' ? '[]\n' : ']\n');
  }

  /** @returns the exit code */
  fail(thrown: unknown): number {
    const error = asOrreryError(thrown);
    // Of documents there is one: what fails behind it is told aside.
    if (this.json && !this.#printed) this.printJson({ error: errorDocument(error) });
    else this.explain(error);
    if (this.options.verbose === true)
      this.say(String(error.cause instanceof Error ? error.cause.stack : error.stack));
    return error.exitCode;
  }

  /** What went wrong and what to do, on stderr. */
  explain({ message, hint, retryable }: Pick<OrreryError, 'message' | 'hint' | 'retryable'>): void {
    const lines = [
      `error: ${message}`,
      ...(hint === null ? [] : [`  ${hint}`]),
      ...(retryable ? ['  Trying again may help.'] : []),
    ];
    this.say(lines.join('\n'));
  }

  #sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.say(text);
  }
}

function errorDocument({ code, message, hint, retryable }: OrreryError) {
  return { code, message, hint, retryable };
}

/** Resolves when there is room again, so that a slow reader does not fill our memory. */
function write(text: string): Promise<void> | undefined {
  if (writeResult(text)) return undefined;
  return new Promise((done) => process.stdout.once('drain', done));
}

/** A path from the command line, made absolute. */
export function resolvePath(path: string): string {
  return isAbsolute(path) ? path : resolve(workingFolder(), path);
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new OrreryError('file-not-found', 'the folder this command was started in is gone', {
      hint: 'Change to a folder that exists.',
      cause,
    });
  }
}
