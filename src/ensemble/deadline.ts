import { setMaxListeners } from 'node:events';

/** The end of somebody's time. Its signal is made when it is first read: that costs more than all else in an agent's turn. */
export class Deadline {
  #controller: AbortController | null = null;
  #passed = false;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      // As many may listen as there are agents at work.
      setMaxListeners(0, this.#controller.signal);
      if (this.#passed) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  get passed(): boolean {
    return this.#passed;
  }

  pass(): void {
    this.#passed = true;
    this.#controller?.abort();
  }
}
