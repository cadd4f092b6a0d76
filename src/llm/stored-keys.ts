/** Keys that were stored, as the lookup of a key sees them. */
export interface StoredKeys {
  /** Null when none is stored for that provider. @throws OrreryError when there is one that cannot be opened */
  keyOf(provider: string): string | null;
  /** All that can be opened, configured or not: what must never be shown. */
  readableKeys(): readonly string[];
}

export const noStoredKeys: StoredKeys = { keyOf: () => null, readableKeys: () => [] };
