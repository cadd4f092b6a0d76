import type { JsonValue } from '../core/index.ts';

/** Without recursion, which a value that is nested without end would break; JSON.parse itself bears any depth. */
export function isNestedDeeperThan(levels: number, value: JsonValue): boolean {
  let inside: readonly JsonValue[] = [value];
  for (let level = 0; level <= levels; level++) {
    inside = inside.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (inside.length === 0) return false;
  }
  return true;
}
