import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../../core/index.ts';
import { missingIn, narrow, type Voice } from './hearing.ts';
import type { Reducer } from './reducer.ts';
import { pathSetting, valueAt } from './value-at.ts';

const settings = z.strictObject({ field: pathSetting.optional() });

type JsonObject = { readonly [key: string]: JsonValue };

/** Lists become one list, objects one object, anything else a list of who said what. */
export const merge: Reducer<z.infer<typeof settings>> = {
  kind: 'merge',
  settings,
  reduce(said, { field }) {
    const hearing = narrow(said, (output) => valueAt(output, field));
    const { merged, conflicts } = together(hearing.voices);
    return { output: { merged, conflicts, missing: missingIn(hearing) }, hearing };
  },
};

function together(voices: readonly Voice[]): { readonly merged: JsonValue; readonly conflicts: JsonObject } {
  const lists = voices.flatMap(({ value }) => (Array.isArray(value) ? [value as readonly JsonValue[]] : []));
  if (lists.length === voices.length) return { merged: withoutDuplicates(lists.flat()), conflicts: {} };
  const objects = voices.filter((voice): voice is Voice<JsonObject> => isObject(voice.value));
  if (objects.length === voices.length) return oneObject(objects);
  return { merged: voices.map(({ agent, value }) => ({ agent, output: value })), conflicts: {} };
}

function isObject(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutDuplicates(values: readonly JsonValue[]): readonly JsonValue[] {
  const firsts = new Map<string, JsonValue>();
  for (const value of values) {
    const key = canonicalJson(value);
    if (!firsts.has(key)) firsts.set(key, value);
  }
  return [...firsts.values()];
}

/** A key that two give differently belongs to neither: it is left out of what is merged. */
function oneObject(voices: readonly Voice<JsonObject>[]) {
  const given = new Map<string, Voice[]>();
  for (const { agent, value } of voices) {
    for (const [key, inner] of Object.entries(value)) {
      given.set(key, [...(given.get(key) ?? []), { agent, value: inner }]);
    }
  }
  const agreed = ([, some]: readonly [string, readonly Voice[]]) =>
    new Set(some.map(({ value }) => canonicalJson(value))).size === 1;
  const keys = [...given];
  return {
    merged: Object.fromEntries(keys.filter(agreed).map(([key, [first]]) => [key, first!.value])),
    conflicts: Object.fromEntries(
      keys
        .filter((key) => !agreed(key))
        .map(([key, some]) => [key, Object.fromEntries(some.map(({ agent, value }) => [agent, value]))]),
    ),
  };
}
