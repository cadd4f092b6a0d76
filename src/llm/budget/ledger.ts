import { setMaxListeners } from 'node:events';
import type { LeaseStore } from './lease-store.ts';
import {
  blockOf,
  type Claim,
  createPurse,
  firstPauseMs,
  holdIn,
  lookInto,
  nextPauseMs,
  type Purse,
  settleIn,
} from './purse.ts';

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

const lookEveryMs = 100;
/** Others take a process for dead that was silent for five times as long. */
const looksToKeep = 10;

/**
 * Money and tokens that calls may take. The worst case is claimed before a call, the truth booked after it. A process takes
 * blocks of min(1 % of the cap, 20 calls) out of the store, so that most calls wait for no database; what settled calls leave
 * beyond a block it gives back within two looks, and all of it after a second without calls. A call that does not fit waits, in
 * order of arrival, while other calls, of this process or of others, may free enough; otherwise it is refused.
 */
export class Ledger {
  readonly #store: LeaseStore;
  /** Those in use of late. */
  readonly #purses = new Map<string, Purse>();
  readonly #waiting: Waiting[] = [];
  /** Writes to the store that nobody waits for. */
  readonly #writes = new Set<Promise<unknown>>();
  /** Such a write failed: the store no longer knows what was taken, so nothing more may be. */
  #lost: { readonly thrown: unknown } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looks = 0;

  constructor(store: LeaseStore) {
    this.#store = store;
  }

  /** @throws DoesNotFit, or the signal's reason when the call is given up while it waits */
  async claim(claims: readonly Claim[], signal?: AbortSignal): Promise<Reservation> {
    signal?.throwIfAborted();
    if (this.#lost !== null) throw this.#lost.thrown;
    this.#lookLater();
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
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await Promise.all(this.#writes);
    const given = [...this.#purses].map(([name, purse]) => {
      if (purse.timer !== null) clearTimeout(purse.timer);
      const { free } = purse;
      purse.free = 0;
      return this.#store.giveBack(name, free, purse.held);
    });
    await Promise.all(given);
    if (this.#lost !== null) throw this.#lost.thrown;
  }

  /** In order of arrival; who waits for a purse lets nobody pass there, and stands in nobody's way at others. */
  #serve(): void {
    const waitedFor = new Set<string>();
    for (const waiting of [...this.#waiting]) {
      const short = waiting.claims.find(
        ({ purse, most }) => waitedFor.has(purse) || this.#purse(purse).free < most,
      );
      if (short === undefined) waiting.go(this.#hold(waiting.claims));
      else if (!waitedFor.has(short.purse)) {
        waitedFor.add(short.purse);
        this.#fill(short, waiting);
      }
    }
  }

  #hold(claims: readonly Claim[]): Reservation {
    for (const claim of claims) holdIn(this.#purse(claim.purse), claim);
    return {
      settle: (taken) => {
        claims.forEach((claim, at) => {
          const beyond = settleIn(this.#purse(claim.purse), claim, taken[at]!);
          // The others must know, though no cap can undo it.
          if (beyond > 0) this.#book(this.#store.overdraw(claim.purse, beyond));
        });
        if (this.#waiting.length > 0) this.#serve();
      },
    };
  }

  #fill(claim: Claim, waiting: Waiting): void {
    const purse = this.#purse(claim.purse);
    if (purse.asking || claim.most - purse.free >= purse.refusedAt) return;
    void this.#ask(claim.purse, async () => {
      try {
        await this.#take(purse, claim, waiting);
      } catch (thrown) {
        waiting.refuse(thrown);
      }
    });
  }

  /** One statement at a time about a purse; after it the waiting are served anew. */
  async #ask(name: string, statement: () => Promise<void>): Promise<void> {
    const purse = this.#purse(name);
    purse.asking = true;
    await statement();
    purse.asking = false;
    this.#serve();
  }

  /** Takes a block from the store for the first who lacks it. */
  async #take(purse: Purse, claim: Claim, waiting: Waiting): Promise<void> {
    const { purse: name, cap, most } = claim;
    const needed = most - purse.free;
    const unspent = purse.free + purse.held;
    const amount = await this.#store.take(name, cap, needed, Math.max(needed, blockOf(claim)), unspent);
    purse.free += amount;
    if (amount > 0) purse.pauseMs = firstPauseMs;
    else await this.#waitOrRefuse(purse, claim, waiting, needed);
  }

  async #waitOrRefuse(purse: Purse, claim: Claim, waiting: Waiting, needed: number): Promise<void> {
    const { purse: name, cap, most } = claim;
    const { leased, others } = await this.#store.standing(name);
    const left = Math.max(0, cap - leased) + purse.free;
    // Somebody has given back since.
    if (most <= left) return;
    if (most > left + purse.held + others) {
      waiting.refuse(new DoesNotFit(claim, left));
      return;
    }
    purse.refusedAt = needed;
    if (others === 0) return;
    // Two processes that wait for each other's blocks would wait for ever.
    if (purse.held === 0) await this.#giveBack(name, purse, purse.free);
    this.#askLater(purse);
  }

  #askLater(purse: Purse): void {
    purse.timer ??= setTimeout(() => {
      purse.timer = null;
      purse.refusedAt = Number.POSITIVE_INFINITY;
      this.#serve();
    }, nextPauseMs(purse));
  }

  async #giveBack(name: string, purse: Purse, amount: number): Promise<void> {
    purse.free -= amount;
    await this.#store.giveBack(name, amount, purse.free + purse.held);
  }

  /** Gives back what nobody needed of late. Ends with the last purse in use. */
  #look(): void {
    for (const [name, purse] of this.#purses) {
      if (purse.asking || purse.timer !== null) continue;
      const { surplus, isIdle } = lookInto(purse);
      if (isIdle || surplus > 0) this.#watch(this.#ask(name, () => this.#lessen(name, purse, surplus)));
    }
    this.#looks++;
    if (this.#looks % looksToKeep === 0 && this.#purses.size > 0) this.#keep();
    if (this.#purses.size > 0) this.#lookLater();
  }

  /** What it could not tell the store counts as spent there, which errs on the safe side. */
  async #lessen(name: string, purse: Purse, surplus: number): Promise<void> {
    await this.#giveBack(name, purse, surplus).catch(() => undefined);
    if (purse.free + purse.held === 0) this.#purses.delete(name);
  }

  #keep(): void {
    const holdings = [...this.#purses]
      .filter(([, { asking }]) => !asking)
      .map(([purse, { free, held }]) => ({ purse, unspent: free + held }));
    if (holdings.length > 0) this.#watch(this.#store.keep(holdings).catch(() => undefined));
  }

  #lookLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#look();
    }, lookEveryMs).unref();
  }

  #purse(name: string): Purse {
    const known = this.#purses.get(name);
    if (known !== undefined) return known;
    const fresh = createPurse();
    this.#purses.set(name, fresh);
    return fresh;
  }

  #book(write: Promise<unknown>): void {
    this.#watch(
      write.catch((thrown: unknown) => {
        this.#lost ??= { thrown };
      }),
    );
  }

  #watch(write: Promise<unknown>): void {
    const known = write.finally(() => this.#writes.delete(known));
    this.#writes.add(known);
  }
}
