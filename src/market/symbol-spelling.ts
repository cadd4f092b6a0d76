/**
 * Symbols that differ in capitals alone are one, because on many disks their files would be. Returns the spelling of
 * `name` that is known already: its own, else the first of another; `name` itself where none is.
 */
export function knownSpelling(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const small = name.toLowerCase();
  return known.find((other) => other.toLowerCase() === small) ?? name;
}
