import { isNestedDeeperThan, type JsonValue } from '../../core/index.ts';

/** More than any protocol needs, and far less than a recursion over the value can bear. */
const deepest = 128;

/** Undefined when it is not JSON, or nested so deep that nobody meant it. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return isNestedDeeperThan(deepest, value) ? undefined : value;
  } catch {
    return undefined;
  }
}
