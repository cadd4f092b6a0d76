import { z } from 'zod';
import { type JsonValue, OrreryError } from '../core/index.ts';
import {
  type AgentDefinitions,
  type EnsembleDefinition,
  type EnsembleDocument,
  type EnsembleInput,
  type EnsembleRunOptions,
  inputOf,
  type OutputOf,
  readInput,
} from '../ensemble/index.ts';
import { checkShape } from '../yaml/index.ts';
import { createOrrery } from './create-orrery.ts';
import type { InvocationOptions } from './invoke-ensembles.ts';
import type { Orrery } from './orrery.ts';
import { hasFunctions, type OrreryOptions, optionsHint, orreryOptionsShape } from './orrery-options.ts';

/** How an ensemble is run once: with an `orrery` that is there, or with what one is made of. */
export interface EnsembleCallOptions
  extends OrreryOptions,
    Pick<EnsembleRunOptions, 'signal' | 'watch' | 'streamed'>,
    Pick<InvocationOptions, 'ask' | 'given' | 'fresh'> {
  /** In place of all options of `createOrrery`. */
  readonly orrery?: Orrery | undefined;
}

/**
 * Runs an ensemble from code, from its file or by its name. An input that is a text is read as from a pipe: one that is an object or a
 * list in JSON is that too. Never rejects because of an agent: what failed is in the document.
 * @throws OrreryError `usage-invalid` for an option or an input that makes no sense, and what `withEnsemble` throws
 */
export function runEnsembleOnce<Agents extends AgentDefinitions, From extends string>(
  ensemble: EnsembleDefinition<Agents, From>,
  input: JsonValue,
  options?: EnsembleCallOptions,
): Promise<EnsembleDocument<OutputOf<Agents, From>, keyof Agents & string>>;
export function runEnsembleOnce(
  nameOrPath: string,
  input: JsonValue,
  options?: EnsembleCallOptions,
): Promise<EnsembleDocument>;
export async function runEnsembleOnce(
  ensemble: string | EnsembleDefinition,
  input: JsonValue,
  options: EnsembleCallOptions = {},
): Promise<EnsembleDocument> {
  const { orrery, signal, watch, streamed, ask, given, fresh, ...rest } = readOptions(options);
  const read = readEnsembleInput(input);
  const program = orrery ?? createOrrery(rest);
  return program.withEnsemble(ensemble, { ask, given, fresh }, (invocation) =>
    invocation.invoke(read, { signal, watch, streamed }),
  );
}

const truth = z.boolean().describe('true or false').optional();
const aFunction = z.custom<never>((value) => typeof value === 'function').describe('a function');

const schema = z.strictObject({
  ...orreryOptionsShape,
  orrery: z
    .custom<Orrery>((value) => hasFunctions(value, ['withEnsemble']))
    .describe('what createOrrery made')
    .optional(),
  signal: z
    .custom<AbortSignal>((value) => value instanceof AbortSignal)
    .describe('an AbortSignal')
    .optional(),
  watch: aFunction.optional(),
  ask: aFunction.optional(),
  streamed: truth,
  fresh: truth,
  given: z
    .custom<ReadonlyMap<string, string>>((value) => value instanceof Map)
    .describe('a Map of answers by agent')
    .optional(),
});

function readOptions(options: EnsembleCallOptions): EnsembleCallOptions {
  const where = 'runEnsemble';
  const read = checkShape<EnsembleCallOptions>({
    ...{ value: options, schema, code: 'usage-invalid', where, hint: optionsHint },
  });
  const extra = Object.keys(orreryOptionsShape).find((key) => key in read);
  if (read.orrery === undefined || extra === undefined) return read;
  throw new OrreryError('usage-invalid', `${where}: \`orrery\` and \`${extra}\` exclude each other`, {
    hint: 'Give the others to createOrrery.',
  });
}

/** @throws OrreryError `usage-invalid` for what is not JSON */
function readEnsembleInput(input: JsonValue): EnsembleInput {
  if (typeof input === 'string') return readInput(input);
  if (isJson(input)) return inputOf(input);
  throw new OrreryError(
    'usage-invalid',
    'the input of an ensemble must be a text, or a value that JSON can hold',
    {
      hint: 'Numbers must be finite, and nothing may be undefined, a function, or in itself.',
    },
  );
}

function isJson(value: unknown): boolean {
  try {
    // It refuses what is in itself, which the schema lets pass.
    JSON.stringify(value);
    return z.json().safeParse(value).success;
  } catch {
    return false;
  }
}
