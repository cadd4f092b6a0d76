/** Longer words are no slip of the finger, and the table below grows with the product of both lengths. */
const longestWord = 64;

/**
 * The candidate a person most likely meant by `word`, or null when none is near: at most a third of the letters,
 * and at least one, may be missing, wrong, too many or swapped. Capital letters do not count.
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | null {
  if (word.length > longestWord) return null;
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let nearest: string | null = null;
  let smallest = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/**
 * Damerau–Levenshtein distance, optimal string alignment variant: insertions, deletions, substitutions and swaps of
 * neighbours each cost one. https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance
 */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, beforePrevious[column - 2]! + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length]!;
}
