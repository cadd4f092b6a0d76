import type { z } from 'zod';
import type { JsonValue } from '../../core/index.ts';
import type { Hearing } from './hearing.ts';

/** One way to make one output of several. */
export interface Reducer<Settings extends object = object> {
  readonly kind: string;
  readonly settings: z.ZodObject;
  /** What a schema cannot see; `names` are those it hears. @throws OrreryError `ensemble-invalid` */
  check?(settings: Settings, names: readonly string[]): void;
  /** Pure. @throws OrreryError `agent-failed` where nothing can be made of what was said */
  reduce(hearing: Hearing, settings: Settings): Reduction;
}

export interface Reduction {
  readonly output: JsonValue;
  /** With those who spoke and could not be counted among the silent. */
  readonly hearing: Hearing<unknown>;
}
