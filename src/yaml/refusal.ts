import { OrreryError } from '../core/index.ts';

/**
 * For a schema's own checks: the issue that carries `error` to the reader, with its code and hint, at the line of
 * `path` (relative to the value being checked). Give it to zod's `context.addIssue`.
 */
export function refusal(error: OrreryError, path: readonly PropertyKey[] = []) {
  return { code: 'custom' as const, message: error.message, path: [...path], params: { refusal: error } };
}

/** The error a custom issue carries, if {@link refusal} made it. */
export function refusalIn(params: { readonly [name: string]: unknown } | undefined): OrreryError | null {
  const carried = params?.['refusal'];
  return carried instanceof OrreryError ? carried : null;
}
