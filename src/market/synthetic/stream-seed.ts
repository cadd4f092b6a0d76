/**
 * A 32-bit seed for one named stream of random numbers (FNV-1a). Every part of the market draws from its own stream,
 * so that a further symbol, or more bars, leaves what the others draw untouched.
 */
export function streamSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${name}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash >>> 0;
}
