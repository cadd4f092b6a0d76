import type { DecisionRecord, OrderRequest } from '../../core/index.ts';
import type { Situation } from '../../engine/index.ts';

/**
 * Turns a decision into a market order. Opening against a position closes it in the same order; a position in the
 * decided direction is left as it is.
 */
export function planOrder(situation: Situation, decision: DecisionRecord): OrderRequest | null {
  const instrument = situation.instrument.symbol;
  const held = situation.position?.quantity ?? 0;
  switch (decision.action) {
    case 'HOLD':
      return null;
    case 'CLOSE':
      return held === 0
        ? null
        : { instrument, side: held > 0 ? 'SELL' : 'BUY', quantity: Math.abs(held), stop: null };
    case 'BUY':
    case 'SELL': {
      const direction = decision.action === 'BUY' ? 1 : -1;
      if (Math.sign(held) === direction) return null;
      return {
        instrument,
        side: decision.action,
        quantity: Math.abs(held) + (decision.size ?? 0),
        stop: decision.stop,
      };
    }
  }
}
