interface SharedCall<Result> {
  readonly result: Promise<Result>;
  readonly giveUp: AbortController;
  waiting: number;
}

/** Calls that several wait for. Who gives up leaves the others theirs; the call itself is given up with the last of them. */
export class SharedCalls<Result> {
  readonly #underway = new Map<string, SharedCall<Result>>();

  /**
   * Waits for the call of that key, begun unless one is under way. Rejects with `signal`'s reason when that aborts and others still
   * wait; else as the call does.
   */
  join(
    key: string,
    signal: AbortSignal | undefined,
    begin: (giveUp: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const call = this.#underway.get(key) ?? this.#begin(key, begin);
    call.waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        call.waiting -= 1;
        if (call.waiting > 0) return reject(signal?.reason);
        this.#forget(key, call);
        call.giveUp.abort(signal?.reason);
      };
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave, { once: true });
      const settled = () => signal?.removeEventListener('abort', leave);
      call.result.finally(settled).then(resolve, reject);
    });
  }

  #begin(key: string, begin: (giveUp: AbortSignal) => Promise<Result>): SharedCall<Result> {
    const giveUp = new AbortController();
    const result = begin(giveUp.signal).finally(() => this.#forget(key, call));
    const call: SharedCall<Result> = { result, giveUp, waiting: 0 };
    this.#underway.set(key, call);
    return call;
  }

  /** Nobody may join a call that was given up; another may have begun in its place. */
  #forget(key: string, call: SharedCall<Result>): void {
    if (this.#underway.get(key) === call) this.#underway.delete(key);
  }
}
