import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { firstLineOf, type JsonValue, OrreryError } from '../core/index.ts';
import { jsonFault, type Runner, scopeAsJson, type Turn } from '../ensemble/index.ts';
import { excerpt } from '../llm/index.ts';
import { runOwnFile } from '../own-code.ts';
import { orAborted } from './or-aborted.ts';

const settings = z.strictObject({
  model: z
    .string()
    .max(1_000)
    .regex(/^[^\0]+\.(?:mjs|js|ts)$/)
    .describe('the path of a .mjs, .js or .ts file'),
});

type Settings = z.infer<typeof settings>;

/** What a model's file exports by default. */
interface Predictor {
  predict(scope: JsonValue, call: { readonly signal: AbortSignal }): unknown;
}

/** A model in a file of the user's own, which runs within this very process. The file is loaded for its first answer. */
export function createModelRunner(): Runner<Settings> {
  return {
    kind: 'model',
    settings,
    prepare({ model }, { files }) {
      const file = files.find(model);
      if (file === null) {
        throw new OrreryError('file-not-found', `there is no file ${model}`, {
          hint: 'A relative path begins beside the ensemble, or where the command is given.',
        });
      }
      // Told now rather than when half the ensemble has worked.
      hashOf(file);
      let loading: Promise<Predictor> | null = null;
      const loaded = () => {
        loading ??= loadPredictor(file, model);
        return loading;
      };
      return {
        answer: async (turn) => ({ output: await predict(loaded, model, turn), source: 'model' }),
        content: () => `model ${loadedHashes.get(file) ?? hashOf(file)}`,
      };
    },
  };
}

/** Of files that run in this process: what was loaded once stays in force, whatever is written into the file later. */
const loadedHashes = new Map<string, string>();

/** @throws OrreryError `file-unreadable` */
function hashOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (cause) {
    throw new OrreryError('file-unreadable', `${file} cannot be read`, {
      ...{ hint: 'Check that you may read it.', cause },
    });
  }
}

async function loadPredictor(file: string, name: string): Promise<Predictor> {
  let exported: unknown;
  try {
    const hash = hashOf(file);
    exported = await runOwnFile(file);
    if (!loadedHashes.has(file)) loadedHashes.set(file, hash);
    if (typeof (exported as Partial<Predictor> | null)?.predict === 'function') return exported as Predictor;
  } catch (cause) {
    throw failed(`${name} cannot be run: ${excerpt(firstLineOf(cause))}`, { hint: 'Mend the file.', cause });
  }
  throw failed(`${name} does not export a model`, {
    hint: 'Write: export default { predict(scope, { signal }) { return …; } }',
  });
}

/** It gets a copy of what others said, and gives one: what it does to either later changes nothing. */
async function predict(
  loaded: () => Promise<Predictor>,
  name: string,
  { scope, signal }: Turn,
): Promise<JsonValue> {
  const model = await orAborted(signal, loaded);
  let output: unknown;
  let fault: string | null;
  try {
    const given = structuredClone(scopeAsJson(scope));
    output = await orAborted(signal, () => model.predict(given, { signal }) as Promise<unknown>);
    fault = jsonFault(output);
    if (fault === null) return JSON.parse(JSON.stringify(output)) as JsonValue;
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const hint = 'The model itself threw this.';
    throw failed(`${name} failed: ${excerpt(firstLineOf(cause))}`, { hint, retryable: true, cause });
  }
  throw failed(`${name} gave what is no JSON: ${excerpt(fault)}`, {
    hint: 'Give plain objects, lists, texts, finite numbers, true, false and null; spread a typed array into a list.',
  });
}

function failed(message: string, details: ConstructorParameters<typeof OrreryError>[2]): OrreryError {
  return new OrreryError('agent-failed', message, details);
}
