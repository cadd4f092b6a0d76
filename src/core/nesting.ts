/** Without recursion, which a value that is nested without end would break; JSON.parse itself bears any depth. */
export function isNestedDeeperThan(levels: number, value: unknown): boolean {
  let inside: unknown[] = [value];
  for (let level = 0; level <= levels; level++) {
    const next: unknown[] = [];
    for (const one of inside) {
      if (typeof one !== 'object' || one === null) continue;
      for (const inner of Object.values(one)) if (typeof inner === 'object') next.push(inner);
    }
    if (next.length === 0) return false;
    inside = next;
  }
  return true;
}
