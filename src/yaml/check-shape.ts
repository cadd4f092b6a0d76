import type { z } from 'zod';
import { type ErrorCode, OrreryError } from '../core/index.ts';
import { applySchema, type SchemaProblem } from './schema-problems.ts';

export interface ShapeRequest<T> {
  readonly value: unknown;
  readonly schema: z.ZodType<T>;
  readonly code: ErrorCode;
  /** Where the value comes from, e.g. `--set llm.budget.usdPerRun`; the message begins with it. */
  readonly where: string;
  /** What to do about problems that do not say it themselves. */
  readonly hint: string;
}

/**
 * Checks a value that has no lines, because it did not come from one file.
 * @throws OrreryError `code`
 */
export function checkShape<T>({ value, schema, code, where, hint }: ShapeRequest<T>): T {
  const outcome = applySchema(schema, value);
  if (outcome.kind === 'ok') return outcome.value;
  throw shapeError(outcome.problems, { code, hint, placeOf: () => where });
}

export interface ProblemReport {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly placeOf: (problem: SchemaProblem) => string;
}

/** One line about the first problem, and how many more there are. */
export function shapeError(problems: readonly SchemaProblem[], report: ProblemReport): OrreryError {
  const [first] = problems;
  if (first === undefined) throw new RangeError('an error needs a problem');
  const more = problems.length === 1 ? '' : ` (+${problems.length - 1} more)`;
  const code = first.refusal?.code ?? report.code;
  return new OrreryError(code, `${report.placeOf(first)}: ${oneLine(first.message)}${more}`, {
    hint: oneLine(first.hint ?? report.hint),
  });
}

const longestLine = 600;

/** What a file says may stand in a message, but not break its line, colour the terminal, or fill the screen. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return plain.length > longestLine ? `${plain.slice(0, longestLine)}…` : plain;
}
