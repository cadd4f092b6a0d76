import { textTokens } from './token-bounds.ts';

/** A text within its budget, and what that took: `leftOut` of its `lines` are not in it. */
export interface FittedSection {
  readonly text: string;
  readonly lines: number;
  readonly leftOut: number;
}

/** No budget may be smaller: beside the line that says how much is left out, a first line of usual length still fits. */
export const leastSectionTokens = 50;

/**
 * As many whole lines, from the first on, as `tokens` can hold in the worst case, then one that says how many were left out; the
 * whole text where it fits. So what matters most should stand first. A line too long for the budget is left out, and all after
 * it. Below {@link leastSectionTokens} the last line may have no room either: then nothing is left.
 */
export function fitSection(text: string, tokens: number): FittedSection {
  const lines = text.split('\n');
  const all = lines.length;
  if (textTokens(text) <= tokens) return { text, lines: all, leftOut: 0 };
  for (let kept = all - 1; kept >= 0; kept--) {
    const shortened = [...lines.slice(0, kept), `(${all - kept} of ${all} lines left out)`].join('\n');
    if (textTokens(shortened) <= tokens) return { text: shortened, lines: all, leftOut: all - kept };
  }
  return { text: '', lines: all, leftOut: all };
}
