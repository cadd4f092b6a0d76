/**
 * Every error a user can meet. A row says how the command ends (`exit` 2: the user's input; 1: anything else)
 * and whether doing the same again may help. `docs/errors.md` has one entry per code; a test holds the two together.
 */
export const errorTable = {
  'usage-invalid': { exit: 2, retryable: false },
  'file-not-found': { exit: 2, retryable: false },
  'file-unreadable': { exit: 2, retryable: false },
  'candles-unrecognised': { exit: 2, retryable: false },
  'candles-invalid': { exit: 2, retryable: false },
  'interval-mixed': { exit: 2, retryable: false },
  'range-empty': { exit: 2, retryable: false },
  'desk-not-found': { exit: 2, retryable: false },
  'desk-invalid': { exit: 2, retryable: false },
  'configuration-invalid': { exit: 2, retryable: false },
  'credentials-exposed': { exit: 2, retryable: false },
  'credentials-locked': { exit: 2, retryable: false },
  'credentials-damaged': { exit: 2, retryable: false },
  'credentials-not-found': { exit: 2, retryable: false },
  'agents-invalid': { exit: 2, retryable: false },
  'ensemble-not-found': { exit: 2, retryable: false },
  'ensemble-invalid': { exit: 2, retryable: false },
  'moon-unknown': { exit: 2, retryable: false },
  'prompt-invalid': { exit: 2, retryable: false },
  'run-not-found': { exit: 2, retryable: false },
  'run-exists': { exit: 2, retryable: false },
  'run-file-invalid': { exit: 2, retryable: false },
  'record-not-found': { exit: 2, retryable: false },
  'strategy-not-found': { exit: 2, retryable: false },
  'strategy-invalid': { exit: 2, retryable: false },
  'data-changed': { exit: 2, retryable: false },
  'home-locked': { exit: 1, retryable: true },
  'run-alive': { exit: 1, retryable: true },
  'run-failed': { exit: 1, retryable: false },
  interrupted: { exit: 1, retryable: true },
  'database-failed': { exit: 1, retryable: true },
  'recording-miss': { exit: 1, retryable: false },
  'recording-altered': { exit: 1, retryable: false },
  'replay-differs': { exit: 1, retryable: false },
  'provider-failed': { exit: 1, retryable: true },
  'provider-refused': { exit: 1, retryable: false },
  'answer-invalid': { exit: 1, retryable: true },
  'agent-failed': { exit: 1, retryable: false },
  'agent-timeout': { exit: 1, retryable: true },
  'agent-skipped': { exit: 1, retryable: false },
  'model-not-configured': { exit: 2, retryable: false },
  'budget-exceeded': { exit: 1, retryable: false },
  'port-taken': { exit: 1, retryable: true },
  'future-read': { exit: 1, retryable: false },
  'order-forged': { exit: 1, retryable: false },
  internal: { exit: 1, retryable: false },
} as const satisfies Record<string, { readonly exit: 1 | 2; readonly retryable: boolean }>;

export type ErrorCode = keyof typeof errorTable;

export interface ErrorDetails {
  /** What the reader should do next; one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Overrides the table where one occurrence differs, e.g. a provider's 401 against its 503. */
  readonly retryable?: boolean;
}

/** The only error class users meet: a code from {@link errorTable}, what happened, what to do. Never holds a secret. */
export class OrreryError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'OrreryError';
    this.code = code;
    this.hint = details.hint ?? null;
    this.retryable = details.retryable ?? errorTable[code].retryable;
  }

  get exitCode(): 1 | 2 {
    return errorTable[this.code].exit;
  }
}

/** Turns whatever was thrown into an {@link OrreryError}; a stranger becomes `internal` with its message. */
export function asOrreryError(thrown: unknown): OrreryError {
  if (thrown instanceof OrreryError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OrreryError('internal', message, {
    hint: 'This is a fault in Orrery. Run again with --verbose and report what it prints.',
    cause: thrown,
  });
}
