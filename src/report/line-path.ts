/** Charts are drawn on this grid and stretched to their box; whole units are finer than a pixel on wide screens. */
export const chartWidth = 2_000;
export const chartHeight = 1_000;

const mostPoints = 1_500;

/** Indices that keep the look of a line: of each bucket its lowest and highest point, in order. At most 1,500. */
export function thinOut(values: ArrayLike<number>): readonly number[] {
  const { length } = values;
  if (length <= mostPoints) return Array.from({ length }, (_, index) => index);
  const kept: number[] = [0];
  const buckets = mostPoints / 2 - 1;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (length - 2)) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * (length - 2)) / buckets);
    let lowest = from;
    let highest = from;
    for (let index = from; index < to; index++) {
      if (values[index]! < values[lowest]!) lowest = index;
      if (values[index]! > values[highest]!) highest = index;
    }
    kept.push(Math.min(lowest, highest));
    if (lowest !== highest) kept.push(Math.max(lowest, highest));
  }
  kept.push(length - 1);
  return kept;
}

export function chartX(position: number): number {
  return Math.round(position * chartWidth);
}

/** SVG counts downwards. */
export function chartY(position: number): number {
  return Math.round((1 - position) * chartHeight);
}

/** `M x y l dx dy …`: relative steps of whole units keep a line of 1,500 points near 9 kB. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  let [x, y] = points[0] ?? [0, 0];
  let path = `M${x} ${y}`;
  for (const [nextX, nextY] of points.slice(1)) {
    path += `l${nextX - x} ${nextY - y}`;
    x = nextX;
    y = nextY;
  }
  return path;
}
