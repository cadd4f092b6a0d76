import type { EpochMs, OrderRequest } from '../core/index.ts';

/** A request with its identity, before or after the guard. */
export interface Order extends OrderRequest {
  readonly id: string;
  readonly at: EpochMs;
  readonly decision: string;
}

declare const approval: unique symbol;

/** Only the guard makes one; a broker refuses everything else, also at run time. */
export type Approved<T> = T & { readonly [approval]: true };
