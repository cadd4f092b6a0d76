/** Fewer than these, and a result is not ranked, tinted or called better. */
const neededOf = { days: 250, trades: 30 } as const;

/** What there is too little of. */
export interface InsufficientEvidence {
  readonly kind: keyof typeof neededOf;
  readonly found: number;
  readonly needed: number;
}

/** Empty when a test had at least 250 days and 30 closed trades. */
export function insufficientEvidence(test: {
  readonly days: number;
  readonly trades: number;
}): readonly InsufficientEvidence[] {
  const kinds = ['days', 'trades'] as const;
  return kinds
    .map((kind) => ({ kind, found: test[kind], needed: neededOf[kind] }))
    .filter(({ found, needed }) => found < needed);
}
