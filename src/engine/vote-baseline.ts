import type { DecisionRecord, EpochMs, EquityPoint } from '../core/index.ts';
import { FillSimulator, honest, type Terms } from '../trading/index.ts';
import { type Market, timeline } from './timeline.ts';

/** From here on the analysts agree enough to be followed. */
const threshold = 0.3;

/** What the analysts of a desk, each with its last signal, said together at each bar: −1 (all short) … 1 (all long). */
export class VoteCount {
  readonly #last = new Map<string, Map<string, number>>();
  readonly #scores = new Map<string, Map<EpochMs, number>>();

  /** All records of one instant. */
  add(records: readonly DecisionRecord[]): void {
    for (const { kind, instrument, agent, stance, confidence } of records) {
      if (kind !== 'signal') continue;
      const direction = stance === 'LONG' ? 1 : stance === 'SHORT' ? -1 : 0;
      entry(this.#last, instrument).set(agent, direction * confidence);
    }
    for (const { kind, instrument, at } of records) {
      if (kind !== 'decision') continue;
      const said = [...entry(this.#last, instrument).values()];
      const score = said.length === 0 ? 0 : said.reduce((sum, one) => sum + one, 0) / said.length;
      entry(this.#scores, instrument).set(at, score);
    }
  }

  score(instrument: string, at: EpochMs): number {
    return this.#scores.get(instrument)?.get(at) ?? 0;
  }
}

function entry<Key>(of: Map<string, Map<Key, number>>, name: string): Map<Key, number> {
  const known = of.get(name);
  if (known !== undefined) return known;
  const fresh = new Map<Key, number>();
  of.set(name, fresh);
  return fresh;
}

export interface VoteOptions {
  readonly capital: number;
  readonly markets: readonly Market[];
  readonly terms: ReadonlyMap<string, Terms>;
  readonly votes: VoteCount;
  /** Share of equity that one position takes. */
  readonly share: number;
}

/**
 * The desk with its chief replaced by a count of votes: long while the analysts' mean signed confidence is above 0.3, short
 * while under −0.3, else flat; orders at the next open, with costs, without stops and without limits but the share of one
 * position. What the chief earns beyond this is what judging earned.
 */
export function voteCurve({ capital, markets, terms, votes, share }: VoteOptions): readonly EquityPoint[] {
  const instruments = markets.map(({ instrument: { symbol } }) => ({ symbol, terms: terms.get(symbol)! }));
  const simulator = new FillSimulator({ cash: capital, instruments, conventions: honest });
  const { account } = simulator;
  const slots = new Map(account.books.map(({ symbol, slot }) => [symbol, slot]));
  const curve: EquityPoint[] = [];
  for (const { at, bars } of timeline(markets)) {
    const turns = bars.map(({ market: { instrument, series }, index }) => ({
      slot: slots.get(instrument.symbol)!,
      series,
      index,
    }));
    simulator.stepTogether(turns);
    curve.push({ at, equity: account.equity, cash: account.cash });
    for (const { slot } of turns) {
      const book = account.books[slot]!;
      const score = votes.score(book.symbol, at);
      const wanted = Math.abs(score) < threshold ? 0 : Math.sign(score);
      if (wanted === Math.sign(book.units)) continue;
      for (const lot of [...book.lots]) simulator.close(lot);
      if (wanted !== 0) simulator.place(slot, { size: wanted * share, of: 'account' });
    }
  }
  return curve;
}
