import { z } from 'zod';
import type { JsonValue } from '../core/index.ts';
import type { Answer, Runner } from './runner.ts';
import type { Scope } from './scope.ts';

/** What a function of the program's own is given of a turn. */
export interface CodeTurn extends Scope {
  readonly signal: AbortSignal;
}

/** Work of a function: what it returns is the output, what it throws the failure. */
export type CodeWork = (turn: CodeTurn) => JsonValue | Promise<JsonValue>;

const settings = z.strictObject({
  run: z.custom<CodeWork>((value) => typeof value === 'function').describe('a function'),
});

/** Agents that are functions; only for ensembles that are defined in code. */
export const codeRunner: Runner<z.infer<typeof settings>> = {
  kind: 'code',
  settings,
  prepare: ({ run }) => ({
    answer({ scope, signal }): Answer | Promise<Answer> {
      const output = run({ ...scope, signal });
      return output instanceof Promise ? output.then((value) => ({ output: value })) : { output };
    },
  }),
};
