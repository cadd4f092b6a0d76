import { setMaxListeners } from 'node:events';
import type { LeaseStore } from './lease-store.ts';

/** What one call may take at most out of one purse. Amounts are whole numbers of the purse's unit. */
export interface Claim {
  readonly purse: string;
  readonly cap: number;
  readonly most: number;
}

/** Held until the call has ended. */
export interface Reservation {
  /** Books what the call really took out of each purse, in the order of its claims, and frees the rest. */
  settle(taken: readonly number[]): void;
}

/** A claim does not fit its purse, now or while anything is still under way. */
export class DoesNotFit extends Error {
  readonly claim: Claim;
  /** Left for new claims, in all processes. */
  readonly left: number;

  constructor(claim: Claim, left: number) {
    super(`${claim.purse} has ${left} left of ${claim.cap}`);
    this.claim = claim;
    this.left = left;
  }
}

interface Waiting {
  readonly claims: readonly Claim[];
  readonly go: (reservation: Reservation) => void;
  readonly refuse: (thrown: unknown) => void;
}

/** What this process has taken out of a purse and not spent. */
interface Purse {
  /** Not claimed by any call. Below 0 after a call took more than it had claimed. */
  free: number;
  /** Claimed by calls under way. */
  held: number;
  /** The store has been asked and has not answered. */
  asking: boolean;
  /** The store had nothing for a claim of this size. */
  refusedAt: number;
}

/**
 * Money and tokens that calls may take. The worst case is claimed before a call, the truth booked after it. A process takes
 * blocks of min(1 % of the cap, 20 calls) out of the store, so that most calls wait for no database. A call that does not fit
 * waits, in order of arrival, until others settle; where nothing is under way that could free anything, it is refused.
 */
export class Ledger {
  readonly #store: LeaseStore;
  readonly #purses = new Map<string, Purse>();
  readonly #waiting: Waiting[] = [];
  /** Writes to the store that nobody waits for. */
  readonly #writes = new Set<Promise<unknown>>();
  /** Such a write failed: the store no longer knows what was taken, so nothing more may be. */
  #lost: { readonly thrown: unknown } | null = null;

  constructor(store: LeaseStore) {
    this.#store = store;
  }

  /** @throws DoesNotFit, or the signal's reason when the call is given up while it waits */
  async claim(claims: readonly Claim[], signal?: AbortSignal): Promise<Reservation> {
    signal?.throwIfAborted();
    if (this.#lost !== null) throw this.#lost.thrown;
    return await new Promise<Reservation>((resolve, reject) => {
      const giveUp = () => {
        end(() => reject(signal?.reason));
        this.#serve();
      };
      const end = (settle: () => void) => {
        signal?.removeEventListener('abort', giveUp);
        const at = this.#waiting.indexOf(mine);
        if (at >= 0) this.#waiting.splice(at, 1);
        settle();
      };
      const mine: Waiting = {
        claims,
        go: (reservation) => end(() => resolve(reservation)),
        refuse: (thrown) => end(() => reject(thrown)),
      };
      // A run has one signal for all its questions, and Node takes more than ten listeners for a leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(mine);
      this.#serve();
    });
  }

  /** Gives back what is left, once every call has settled. */
  async close(): Promise<void> {
    for (const [name, purse] of this.#purses) {
      if (purse.free > 0) this.#write(this.#store.giveBack(name, purse.free));
      purse.free = Math.min(0, purse.free);
    }
    await Promise.all(this.#writes);
    if (this.#lost !== null) throw this.#lost.thrown;
  }

  /** In order of arrival; who waits for a purse lets nobody pass there. */
  #serve(): void {
    const taken = new Set<string>();
    for (const waiting of [...this.#waiting]) {
      const short = waiting.claims.find(
        ({ purse, most }) => taken.has(purse) || this.#purse(purse).free < most,
      );
      if (short === undefined) waiting.go(this.#hold(waiting.claims));
      else {
        if (!taken.has(short.purse)) this.#fill(short, waiting);
        for (const { purse } of waiting.claims) taken.add(purse);
      }
    }
  }

  #hold(claims: readonly Claim[]): Reservation {
    for (const { purse, most } of claims) {
      const mine = this.#purse(purse);
      mine.free -= most;
      mine.held += most;
    }
    return {
      settle: (taken) => {
        claims.forEach(({ purse, most }, at) => {
          this.#settle(purse, most, taken[at]!);
        });
        this.#serve();
      },
    };
  }

  #settle(name: string, most: number, taken: number): void {
    const purse = this.#purse(name);
    purse.held -= most;
    purse.free += most - taken;
    purse.refusedAt = Number.POSITIVE_INFINITY;
    if (purse.free >= 0) return;
    // More was taken than claimed: the others must know, though no cap can undo it.
    this.#write(this.#store.overdraw(name, -purse.free));
    purse.free = 0;
  }

  /** Takes a block from the store for the first who lacks it; then, or when there is none, serves anew. */
  #fill({ purse: name, cap, most }: Claim, waiting: Waiting): void {
    const purse = this.#purse(name);
    if (purse.asking) return;
    const needed = most - purse.free;
    if (needed >= purse.refusedAt) {
      if (purse.held === 0) this.#refuse(name, waiting);
      return;
    }
    purse.asking = true;
    const block = Math.max(needed, Math.floor(Math.min(cap / 100, 20 * most)));
    this.#store.take(name, cap, needed, block).then(
      (amount) => {
        purse.asking = false;
        purse.free += amount;
        if (amount === 0) purse.refusedAt = needed;
        this.#serve();
      },
      (thrown) => {
        purse.asking = false;
        waiting.refuse(thrown);
        this.#serve();
      },
    );
  }

  #refuse(name: string, waiting: Waiting): void {
    const claim = waiting.claims.find(({ purse }) => purse === name)!;
    const purse = this.#purse(name);
    // Others may give back later; the next call asks again.
    purse.refusedAt = Number.POSITIVE_INFINITY;
    purse.asking = true;
    this.#store.leased(name).then(
      (leased) => {
        purse.asking = false;
        waiting.refuse(new DoesNotFit(claim, Math.max(0, claim.cap - leased) + purse.free));
        this.#serve();
      },
      (thrown) => {
        purse.asking = false;
        waiting.refuse(thrown);
        this.#serve();
      },
    );
  }

  #purse(name: string): Purse {
    const known = this.#purses.get(name);
    if (known !== undefined) return known;
    const fresh: Purse = { free: 0, held: 0, asking: false, refusedAt: Number.POSITIVE_INFINITY };
    this.#purses.set(name, fresh);
    return fresh;
  }

  #write(write: Promise<unknown>): void {
    const known = write
      .catch((thrown: unknown) => {
        this.#lost ??= { thrown };
      })
      .finally(() => this.#writes.delete(known));
    this.#writes.add(known);
  }
}
