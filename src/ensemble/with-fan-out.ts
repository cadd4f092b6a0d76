import { type JsonValue, OrreryError } from '../core/index.ts';
import { compileExpression } from './expression.ts';
import { planPhases } from './plan-phases.ts';
import { type AgentResult, runGraph } from './run-graph.ts';
import type { Answer, Turn, Work } from './runner.ts';
import { turnBut } from './turn.ts';

export interface FanOut {
  readonly agent: string;
  /** Gives the list. */
  readonly list: string;
  readonly concurrency: number | null;
  readonly dependsOn: readonly string[];
}

/** More is a mistake rather than work. */
const mostItems = 10_000;

/**
 * Works once for each item. The output is a list in the order of the items, with null where one failed; it fails where all
 * did.
 */
export function withFanOut(fanOut: FanOut | null, work: Work): Work {
  if (fanOut === null) return work;
  const list = compileExpression(fanOut.list, fanOut.dependsOn);
  return {
    ...work,
    async answer(turn) {
      const items = itemsIn(list.evaluate(turn.scope), fanOut);
      const { agents } = await runGraph<Answer>(
        planPhases(items.map((_item, index) => ({ name: String(index), dependsOn: [] }))),
        (name) => work.answer(turnOf(turn, items, Number(name))) as Promise<Answer>,
        { signal: turn.signal, concurrency: fanOut.concurrency ?? undefined },
      );
      return together(agents, fanOut.agent);
    },
  };
}

function itemsIn(value: JsonValue, { agent, list }: FanOut): readonly JsonValue[] {
  if (!Array.isArray(value)) {
    throw new OrreryError(
      'agent-failed',
      `\`${list}\` is no list, so \`${agent}\` has nothing to fan out over`,
      {
        hint: 'fanOut must give a list.',
      },
    );
  }
  if (value.length > mostItems) {
    throw new OrreryError('agent-failed', `\`${list}\` has ${value.length} items, more than ${mostItems}`, {
      hint: 'Give it less at a time.',
    });
  }
  return value as readonly JsonValue[];
}

function turnOf(turn: Turn, items: readonly JsonValue[], index: number): Turn {
  return turnBut(turn, {
    scope: { ...turn.scope, item: { value: items[index]!, index } },
    label: `${turn.label}.${index + 1}`,
  });
}

function together(items: readonly AgentResult<Answer>[], agent: string): Answer {
  const failed = items.filter(({ status }) => status !== 'ok');
  const [first] = failed;
  if (first?.error != null && failed.length === items.length) {
    const { code, message, hint, retryable } = first.error;
    throw new OrreryError(code, `all ${items.length} items of \`${agent}\` failed; the first: ${message}`, {
      ...(hint && { hint }),
      retryable,
      cause: first.error,
    });
  }
  const answers = items.map(({ output }) => output);
  const source = answers.find((answer) => answer?.source !== undefined)?.source;
  return {
    output: answers.map((answer) => answer?.output ?? null),
    ...(source === undefined ? {} : { source }),
    partial: failed.length > 0 || answers.some((answer) => answer?.partial === true),
    details: {
      items: items.length,
      failed: failed.map(({ name, status, error }) => ({
        index: Number(name),
        status,
        code: error?.code ?? null,
        message: error?.message ?? null,
      })),
      lacking: answers.flatMap((answer, index) =>
        answer?.partial === true ? [{ index, details: answer.details ?? null }] : [],
      ),
    },
  };
}
