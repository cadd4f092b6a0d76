import type { DecisionRecord } from './decision-record.ts';
import type { JsonValue } from './json.ts';

/** A question that brought its agent no answer it could use, as its record keeps it. */
export interface ModelFailure {
  /** `PROVIDER/MODEL` it was meant for. */
  readonly model: string;
  /** Of the error, see docs/errors.md. */
  readonly code: string;
  readonly message: string;
}

/** What a record keeps of them among its inputs, in the order in which they were asked; nothing where there were none. */
export function failuresInput(failures: readonly ModelFailure[]): { readonly [name: string]: JsonValue } {
  if (failures.length === 0) return {};
  return { failures: failures.map(({ model, code, message }) => ({ model, code, message })) };
}

/** Reads what {@link failuresInput} wrote; none of a record of a version that kept none. */
export function modelFailures({ inputs }: Pick<DecisionRecord, 'inputs'>): readonly ModelFailure[] {
  const { failures } = inputs;
  if (!Array.isArray(failures)) return [];
  return failures.flatMap((one: JsonValue) => {
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return [];
    const { model, code, message } = one as { readonly [name: string]: JsonValue };
    const isWhole = [model, code, message].every((part) => typeof part === 'string');
    return isWhole ? [{ model, code, message } as ModelFailure] : [];
  });
}

/** The error's code for which a record was written without a model: that of the last question. Null where none failed. */
export function fellBackFor(record: Pick<DecisionRecord, 'inputs' | 'fellBack'>): string | null {
  if (!record.fellBack) return null;
  return modelFailures(record).at(-1)?.code ?? 'provider-failed';
}
