import { z } from 'zod';
import { type JsonValue, OrreryError } from '../core/index.ts';
import { compileExpression } from './expression.ts';
import {
  type EnsemblePorts,
  type PreparedEnsemble,
  prepareEnsemble,
  refuseTooDeep,
} from './prepare-ensemble.ts';
import { runEnsemble } from './run-ensemble.ts';
import type { Answer, Runner, Surroundings, Turn } from './runner.ts';
import { type EnsembleInput, inputOf, type Scope, scopeAsJson } from './scope.ts';

const settings = z.strictObject({
  ensemble: z.string().min(1).max(500).describe('the name or the file of an ensemble'),
  input: z.string().min(1).max(2_000).describe('an expression that gives its input').optional(),
});

type Settings = z.infer<typeof settings>;

/**
 * An ensemble within an ensemble. Its input is what the expression `input` gives; without one the item of a fan-out, else the caller's
 * input where the agent depends on nobody and is in its first round, else `{input, agents, …}` as a script is given it.
 */
export function createNestedRunner(ports: () => Omit<EnsemblePorts, 'files'>): Runner<Settings> {
  // One that stands in many places is opened once, or ten in each of ten would be opened a hundred times.
  const known = new Map<string, PreparedEnsemble>();
  const prepareFile = (nameOrPath: string, { files, chain }: Surroundings): PreparedEnsemble => {
    const { file, spec, files: beside } = files.openEnsemble(nameOrPath);
    if (chain.includes(file)) throw cycle([...chain, file]);
    const inner = known.get(file);
    if (inner !== undefined) {
      refuseTooDeep([...chain, file], inner.depth);
      return inner;
    }
    const prepared = prepareEnsemble(spec, { ...ports(), files: beside }, [...chain, file]);
    known.set(file, prepared);
    return prepared;
  };
  return {
    kind: 'ensemble',
    settings,
    prepare({ ensemble, input: written }, surroundings) {
      const { dependsOn, agents } = surroundings;
      const inner = prepareFile(ensemble, surroundings);
      const expression = written === undefined ? null : compileExpression(written, dependsOn, agents);
      const inputFor = (scope: Scope): EnsembleInput =>
        expression === null ? usualInput(scope, surroundings) : inputOf(expression.evaluate(scope));
      return {
        depth: inner.depth + 1,
        questions: inner.questions,
        notes: inner.notes.map(({ agent, note }) => `${agent}: ${note}`),
        answer: (turn) => answerWithin(inner, inputFor(turn.scope), turn),
      };
    },
  };
}

function usualInput(scope: Scope, { dependsOn }: Surroundings): EnsembleInput {
  if (scope.item !== undefined && scope.round === undefined) return inputOf(scope.item.value);
  const alone = dependsOn.length === 0 && scope.item === undefined;
  return alone && (scope.round?.number ?? 1) === 1 ? scope.input : inputOf(scopeAsJson(scope));
}

async function answerWithin(inner: PreparedEnsemble, input: EnsembleInput, turn: Turn): Promise<Answer> {
  const { signal, label, onText, spend } = turn;
  const document = await runEnsemble(inner, input, {
    run: label,
    signal,
    streamed: onText !== null,
    spend,
    watch: (event) => {
      if (event.kind === 'text') onText?.(event.piece);
    },
  });
  const { status, output, error, agents } = document;
  if (status === 'failed' || error !== null) {
    const { message = 'no output', hint = null, retryable = false } = error ?? {};
    throw new OrreryError('agent-failed', `ensemble ${inner.spec.name} failed: ${message}`, {
      ...(hint === null ? {} : { hint }),
      retryable,
    });
  }
  return {
    output,
    partial: status === 'partial',
    details: { agents: agents as unknown as JsonValue },
  };
}

function cycle(files: readonly string[]): OrreryError {
  return new OrreryError('ensemble-invalid', `ensembles stand in each other: ${files.join(' → ')}`, {
    hint: 'Take one of them out.',
  });
}
