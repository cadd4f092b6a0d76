import { z } from 'zod';
import { firstLineOf, type JsonValue, OrreryError } from '../core/index.ts';
import { jsonFault } from './json-fault.ts';
import type { Answer, Runner, Turn } from './runner.ts';
import type { Scope } from './scope.ts';

/** What a function of the program's own is given of a turn. A class, so that the compiler knows that a spread leaves out the signal. */
export class CodeTurn implements Scope {
  readonly input: Scope['input'];
  readonly agents: Scope['agents'];
  declare readonly item?: NonNullable<Scope['item']>;
  declare readonly round?: NonNullable<Scope['round']>;
  readonly #turn: Turn;

  constructor(turn: Turn) {
    const { input, agents, item, round } = turn.scope;
    this.input = input;
    this.agents = agents;
    if (item !== undefined) this.item = item;
    if (round !== undefined) this.round = round;
    this.#turn = turn;
  }

  /** Aborts when its time is up or the run is cancelled. Made when it is first read, which most functions never do. */
  get signal(): AbortSignal {
    return this.#turn.signal;
  }
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
  prepare: ({ run }, { agent }) => {
    const fail = (thrown: unknown): never => {
      throw thrown instanceof OrreryError ? thrown : failure(agent, firstLineOf(thrown), thrown);
    };
    const answered = (output: JsonValue): Answer => {
      // What JSON has no word for would be lost without a word on its way to others.
      const fault = jsonFault(output);
      if (fault !== null) throw failure(agent, `it gave what is no JSON: ${fault}`);
      return { output };
    };
    return {
      answer(turn): Answer | Promise<Answer> {
        try {
          const output = run(new CodeTurn(turn));
          return output instanceof Promise ? output.then(answered).catch(fail) : answered(output);
        } catch (thrown) {
          return fail(thrown);
        }
      },
    };
  },
};

function failure(agent: string, why: string, cause?: unknown): OrreryError {
  return new OrreryError('agent-failed', `\`${agent}\` failed: ${why}`, {
    hint: 'Look at the function that does its work.',
    cause,
  });
}
