import type { Action, KeyFactor, Side, Stance } from '../core/index.ts';

/** What a planet or the chief answers, by whatever means. */
export interface Answer {
  readonly action: Action;
  /** 0 … 1 */
  readonly confidence: number;
  readonly reasoning: string;
  readonly keyFactors: readonly KeyFactor[];
  /** Value of the position wanted, per cent of equity; null where nothing is wanted or the proposal's own size will do. */
  readonly sizePct: number | null;
  readonly stop: number | null;
}

/** What a risk officer answers about one proposal. */
export interface RiskAnswer {
  readonly approved: boolean;
  /** Units, at most the proposed ones; null leaves the size as it is. */
  readonly adjustedSize: number | null;
  readonly riskScore: number;
  readonly reasoning: string;
  readonly warnings: readonly string[];
  readonly keyFactors: readonly KeyFactor[];
}

/** Where an action leaves somebody who stood at `before`. */
export function stanceAfter(action: Action, before: Stance): Stance {
  switch (action) {
    case 'BUY':
      return 'LONG';
    case 'SELL':
      return 'SHORT';
    case 'CLOSE':
      return 'FLAT';
    case 'HOLD':
      return before;
  }
}

export function stanceOf(quantity: number): Stance {
  if (quantity === 0) return 'FLAT';
  return quantity > 0 ? 'LONG' : 'SHORT';
}

/** +1 to buy, −1 to sell, 0 otherwise. */
export function directionOf(action: Action): -1 | 0 | 1 {
  if (action === 'BUY') return 1;
  return action === 'SELL' ? -1 : 0;
}

export function isOpening(action: Action): action is Side {
  return action === 'BUY' || action === 'SELL';
}
