import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { type CallObserver, type Notices, OrreryError } from '../core/index.ts';
import type { Environment } from '../llm/index.ts';
import { checkShape } from '../yaml/index.ts';
import { noticesOnStderr } from './notices-on-stderr.ts';

/** Everything may be left out: then it is as where the command is given. */
export interface OrreryOptions {
  /** Where relative paths begin and the project's files are looked up; the process's folder unless given. */
  readonly cwd?: string | undefined;
  /** Variables such as `ORRERY_HOME` and providers' keys; the process's unless given. */
  readonly environment?: Environment | undefined;
  /** Told what a person should know while work goes on; lines on stderr unless given. */
  readonly notices?: Notices | undefined;
  /** `--config FILE`: in place of `orrery.yaml`. */
  readonly configFile?: string | null | undefined;
  /** `--set KEY=VALUE`, e.g. `llm.budget.usdPerRun=1`; the last one wins. */
  readonly overrides?: readonly string[] | undefined;
  /** Told of every question to a model, such as what `createMetrics` makes. */
  readonly observers?: readonly CallObserver[] | undefined;
}

/** Nothing is left out, and `cwd` is absolute. */
export type WholeOrreryOptions = {
  readonly [Key in keyof OrreryOptions]-?: Exclude<OrreryOptions[Key], undefined>;
};

export const optionsHint = 'docs/library.md lists every option and what it takes.';

const text = z
  .string()
  .min(1)
  .refine((value) => !value.includes('\0'));

/** Objects are handed on as they are: they may have state, and be more than what is looked at here. */
export const orreryOptionsShape = {
  cwd: text.describe('a folder').optional(),
  environment: z
    .custom<Environment>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
    .describe('an object of variables, such as process.env')
    .optional(),
  notices: z
    .custom<Notices>((value) => hasFunctions(value, ['warn', 'alert']))
    .describe('an object with the functions warn and alert')
    .optional(),
  configFile: text.nullable().describe('the path of a file, or null').optional(),
  overrides: z.array(z.string()).describe('a list of texts KEY=VALUE').optional(),
  observers: z
    .array(z.custom<CallObserver>((value) => hasFunctions(value, ['callBegun'])))
    .describe('a list of objects with a function callBegun, such as what createMetrics makes')
    .optional(),
};

const schema = z.strictObject(orreryOptionsShape);

export function hasFunctions(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof (value as { readonly [name: string]: unknown })[name] === 'function');
}

/** @throws OrreryError `usage-invalid`, `file-not-found` where the process's own folder is gone */
export function readOrreryOptions(options: unknown): WholeOrreryOptions {
  const given = checkShape<OrreryOptions>({
    value: options,
    schema,
    code: 'usage-invalid',
    where: 'createOrrery',
    hint: optionsHint,
  });
  return {
    cwd: folderOf(given.cwd ?? '.'),
    environment: given.environment ?? process.env,
    notices: given.notices ?? noticesOnStderr(),
    configFile: given.configFile ?? null,
    overrides: given.overrides ?? [],
    observers: given.observers ?? [],
  };
}

function folderOf(cwd: string): string {
  if (isAbsolute(cwd)) return cwd;
  try {
    return resolve(cwd);
  } catch (cause) {
    throw new OrreryError('file-not-found', 'the folder this program was started in is gone', {
      hint: 'Give `cwd` an absolute path, or start it in a folder that exists.',
      cause,
    });
  }
}
