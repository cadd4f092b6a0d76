import { z } from 'zod';
import type { JsonValue } from '../../core/index.ts';
import type { Reading } from './hearing.ts';

export const pathSetting = z
  .string()
  .max(500)
  .regex(/^[^.]+(\.[^.]+)*$/)
  .describe('a path into outputs such as action or verdict.score');

/** What stands at a path of keys and indices such as `verdict.scores.0`; without a path the whole. */
export function valueAt(output: JsonValue, path: string | undefined): Reading<JsonValue> {
  let value: JsonValue | undefined = output;
  for (const key of path?.split('.') ?? []) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as { readonly [key: string]: JsonValue })[key]
        : undefined;
    if (value === undefined) return { why: `its output has no \`${path}\`` };
  }
  return { value };
}

/** What can be voted for: anything but null, and no number that JSON does not know. */
export function choiceAt(output: JsonValue, path: string | undefined): Reading<JsonValue> {
  const reading = valueAt(output, path);
  if ('why' in reading) return reading;
  const { value } = reading;
  if (value !== null && (typeof value !== 'number' || Number.isFinite(value))) return reading;
  return { why: `${placeOf(path)} is ${value}` };
}

export function numberAt(output: JsonValue, path: string | undefined): Reading<number> {
  const reading = valueAt(output, path);
  if ('why' in reading) return reading;
  const { value } = reading;
  return typeof value === 'number' && Number.isFinite(value)
    ? { value }
    : { why: `${placeOf(path)} is no number` };
}

function placeOf(path: string | undefined): string {
  return path === undefined ? 'its output' : `its \`${path}\``;
}
