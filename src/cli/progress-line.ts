import { count, duration, usd } from '../wording/index.ts';
import { forTerminal, padEnd, paint, type Terminal } from './terminal.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Spent on models so far; left out of the line while it is 0. */
  readonly costUsd: number;
  /** Answers that failed so far. */
  readonly failures: number;
}

/** Says how far long work is, on stderr. */
export interface ProgressLine {
  update(progress: Progress): void;
  /** Prints a line of its own above the progress, which it never tears. */
  notice(text: string): void;
  /** Clears the line. Nothing is shown after. */
  end(): void;
}

export interface ProgressLineOptions {
  readonly stream: { write(text: string): unknown };
  readonly terminal: Terminal;
  /** What is counted, e.g. `bars`. */
  readonly unit: string;
  /** Monotonic milliseconds, such as `sinceProcessStartMs`. */
  readonly elapsedMs: () => number;
}

const redrawMs = 100;
const plainMs = 30_000;
const plainStep = 0.1;
/** Earlier a rate is noise. */
const rateAfterMs = 3_000;

const widestBar = 24;
const narrowestBar = 8;

const clear = '\r\x1b[K';

export function createProgressLine(options: ProgressLineOptions): ProgressLine {
  return options.terminal.interactive ? new DrawnProgress(options) : new PlainProgress(options);
}

/** Speed since the first report, so that a resumed run does not count what was done before. */
class Pace {
  #first: { readonly done: number; readonly at: number } | null = null;

  words(progress: Progress, at: number, unit: string): readonly string[] {
    this.#first ??= { done: progress.done, at };
    const elapsed = at - this.#first.at;
    const done = progress.done - this.#first.done;
    if (elapsed < rateAfterMs || done <= 0) return [];
    const perSecond = (done / elapsed) * 1_000;
    const rate = perSecond >= 10 ? count(perSecond) : perSecond.toFixed(1);
    const left = ((progress.total - progress.done) / perSecond) * 1_000;
    return [`${rate} ${unit}/s`, ...(left > 0 ? [`${duration(left)} left`] : [])];
  }
}

function spent(progress: Progress): readonly string[] {
  return [
    ...(progress.costUsd > 0 ? [usd(progress.costUsd)] : []),
    ...(progress.failures > 0 ? [`✕ ${count(progress.failures)}`] : []),
  ];
}

function position(progress: Progress): readonly string[] {
  const done = progress.total === 0 ? 100 : (progress.done / progress.total) * 100;
  return [`${count(progress.done)}/${count(progress.total)}`, `${Math.floor(done)} %`];
}

/** One line, drawn again at most ten times a second. */
class DrawnProgress implements ProgressLine {
  readonly #options: ProgressLineOptions;
  readonly #pace = new Pace();
  #line = '';
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(options: ProgressLineOptions) {
    this.#options = options;
  }

  update(progress: Progress): void {
    const at = this.#options.elapsedMs();
    const words = [
      ...position(progress),
      ...this.#pace.words(progress, at, this.#options.unit),
      ...spent(progress),
    ];
    if (at - this.#drawnAt < redrawMs) return;
    this.#drawnAt = at;
    this.#line = this.#draw(progress, words);
    this.#options.stream.write(clear + this.#line);
  }

  notice(text: string): void {
    this.#options.stream.write(`${clear}${text}\n${this.#line}`);
  }

  end(): void {
    if (this.#line !== '') this.#options.stream.write(clear);
    this.#line = '';
  }

  #draw(progress: Progress, words: readonly string[]): string {
    const { terminal } = this.#options;
    // A line that wraps cannot be redrawn in place: on a narrow terminal the bar goes first, then the last words.
    let kept = words.length;
    while (kept > 1 && words.slice(0, kept).join('  ').length >= terminal.columns) kept--;
    const text = words.slice(0, kept).join('  ');
    const width = Math.min(widestBar, terminal.columns - text.length - 4);
    const line = width < narrowestBar ? text : `${bar(progress, width, terminal)} ${text}`;
    return paint(terminal, 'dim', forTerminal(terminal, line));
  }
}

function bar(progress: Progress, width: number, terminal: Terminal): string {
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  const filled = Math.round(share * width);
  return terminal.unicode
    ? `▕${padEnd('█'.repeat(filled), width)}▏`
    : `[${padEnd('#'.repeat(filled), width)}]`;
}

/** For pipes and CI: a plain line each tenth or half minute, no cursor codes. */
class PlainProgress implements ProgressLine {
  readonly #options: ProgressLineOptions;
  readonly #pace = new Pace();
  #saidAt: number | null = null;
  #saidShare = 0;

  constructor(options: ProgressLineOptions) {
    this.#options = options;
  }

  update(progress: Progress): void {
    const { terminal, unit, stream } = this.#options;
    const at = this.#options.elapsedMs();
    const pace = this.#pace.words(progress, at, unit);
    const share = progress.total === 0 ? 1 : progress.done / progress.total;
    if (this.#saidAt === null) {
      this.#saidAt = at;
      this.#saidShare = Math.floor(share / plainStep) * plainStep;
      return;
    }
    if (share < this.#saidShare + plainStep - 1e-9 && at - this.#saidAt < plainMs) return;
    this.#saidAt = at;
    this.#saidShare = Math.floor(share / plainStep + 1e-9) * plainStep;
    const [done, percentage] = position(progress);
    const words = [`${done} ${unit}`, percentage, ...pace, ...spent(progress)];
    stream.write(`${forTerminal(terminal, words.join('  '))}\n`);
  }

  notice(text: string): void {
    this.#options.stream.write(`${text}\n`);
  }

  end(): void {}
}
