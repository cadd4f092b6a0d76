/** What stands for the values beyond the limit. */
const rest = 'other';

/**
 * Keeps a label to its first `most` values, which stay; any later one becomes `other`: each value is a series for as long as the process
 * lives, here and in whatever gathers them.
 */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return rest;
    known.add(value);
    return value;
  };
}
