import { setMaxListeners } from 'node:events';
import { sinceProcessStartMs } from '../core/index.ts';
import { Deadline } from './deadline.ts';

/**
 * The end of a run, and of each try in it: with the run, or when its own time is up. All are on one timer and one listener, because most
 * tries are over long before either matters. To be released.
 */
export class Deadlines {
  readonly #outer: AbortSignal | null;
  readonly #run = new Deadline();
  readonly #tries = new Set<TryDeadline>();
  readonly #follow = () => this.cancel();
  #timer: NodeJS.Timeout | null = null;
  #ringsAtMs = Number.POSITIVE_INFINITY;

  constructor(outer: AbortSignal | null) {
    this.#outer = outer;
    if (outer === null) return;
    // As many listen as there are runs that it could end.
    setMaxListeners(0, outer);
    if (outer.aborted) this.cancel();
    else outer.addEventListener('abort', this.#follow, { once: true });
  }

  /** Aborts when the run is cancelled. */
  get signal(): AbortSignal {
    return this.#run.signal;
  }

  /** Passes when so much time has, and tells; whoever is done before says so by {@link end}. */
  begin(timeoutMs: number, onTimeUp: () => void): TryDeadline {
    const begun = new TryDeadline(sinceProcessStartMs() + timeoutMs, onTimeUp);
    if (this.#run.passed) {
      begun.pass();
    } else {
      this.#tries.add(begun);
      if (begun.dueMs < this.#ringsAtMs) this.#ringAt(begun.dueMs, timeoutMs);
    }
    return begun;
  }

  end(deadline: TryDeadline): void {
    this.#tries.delete(deadline);
  }

  /** Ends the run and everything in it. */
  cancel(): void {
    const stopped = [...this.#tries];
    this.release();
    this.#run.pass();
    for (const deadline of stopped) deadline.pass();
  }

  release(): void {
    this.#tries.clear();
    this.#outer?.removeEventListener('abort', this.#follow);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #ringAt(dueMs: number, inMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#ringsAtMs = dueMs;
    this.#timer = setTimeout(() => this.#ring(), inMs);
  }

  #ring(): void {
    this.#ringsAtMs = Number.POSITIVE_INFINITY;
    const nowMs = sinceProcessStartMs();
    const late = [...this.#tries].filter(({ dueMs }) => dueMs <= nowMs);
    for (const deadline of late) this.#tries.delete(deadline);
    const nextMs = [...this.#tries].reduce((least, { dueMs }) => Math.min(least, dueMs), this.#ringsAtMs);
    if (nextMs !== Number.POSITIVE_INFINITY) this.#ringAt(nextMs, nextMs - nowMs);
    for (const deadline of late) {
      deadline.pass();
      deadline.onTimeUp();
    }
  }
}

class TryDeadline extends Deadline {
  readonly dueMs: number;
  readonly onTimeUp: () => void;

  constructor(dueMs: number, onTimeUp: () => void) {
    super();
    this.dueMs = dueMs;
    this.onTimeUp = onTimeUp;
  }
}
