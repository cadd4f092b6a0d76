/** What somebody else's code threw, in one line. It may be anything, and throw again when it is looked at. */
export function firstLineOf(thrown: unknown): string {
  try {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    return words.split('\n')[0]!;
  } catch {
    return 'something that cannot be told';
  }
}
