/** The end of somebody's time: aborts its signal then, and when the signal around it does. To be released. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | null;
  readonly #timer: NodeJS.Timeout | null;
  readonly #follow = () => {
    this.release();
    this.#controller.abort();
  };

  /** Without `timeoutMs` there is no end but that of `outer`. */
  constructor(timeoutMs: number | null, outer: AbortSignal | null, onTimeUp: () => void) {
    this.#outer = outer;
    outer?.addEventListener('abort', this.#follow, { once: true });
    this.#timer =
      timeoutMs === null
        ? null
        : setTimeout(() => {
            this.release();
            this.#controller.abort();
            onTimeUp();
          }, timeoutMs);
    if (outer?.aborted) this.#follow();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  release(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#follow);
  }
}
