import type { JsonValue } from '../core/index.ts';
import type { Loop } from './agent-spec.ts';
import { compileExpression } from './expression.ts';
import type { Answer, Turn, Work } from './runner.ts';
import { turnBut } from './turn.ts';

/** Works in rounds until its expression is true of the output, or the last round is done; `details` says which. */
export function withLoop(loop: Loop | null, dependsOn: readonly string[], work: Work): Work {
  if (loop === null) return work;
  const until = compileExpression(loop.until, dependsOn);
  return {
    ...work,
    async answer(turn) {
      let previous: JsonValue = null;
      let partial = false;
      for (let number = 1; ; number++) {
        const answer: Answer = await work.answer(roundOf(turn, number, previous));
        partial ||= answer.partial === true;
        const done = until.evaluate(roundOf(turn, number, previous).scope, answer.output) === true;
        if (done || number === loop.max) {
          return { ...answer, partial, details: { ...answer.details, rounds: number, done } };
        }
        turn.signal.throwIfAborted();
        previous = answer.output;
      }
    },
  };
}

function roundOf(turn: Turn, number: number, previous: JsonValue): Turn {
  return turnBut(turn, {
    scope: { ...turn.scope, round: { number, previous } },
    label: `${turn.label}.round-${number}`,
  });
}
