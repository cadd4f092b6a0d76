import { z } from 'zod';
import { firstLineOf, isNestedDeeperThan, OrreryError } from '../../core/index.ts';
import type { EnsembleDocument } from '../ensemble-document.ts';

const amount = z.number().min(0);
const error = z
  .looseObject({ code: z.string(), message: z.string(), hint: z.string().nullable(), retryable: z.boolean() })
  .nullable();
const tokens = { promptTokens: amount, responseTokens: amount, costUsd: amount };
const agent = z.looseObject({
  kind: z.string(),
  status: z.enum(['ok', 'failed', 'skipped', 'timeout']),
  output: z.json(),
  error,
  latencyMs: amount,
  source: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  ...tokens,
});

const shape = z.looseObject({
  ensemble: z.string(),
  run: z.string(),
  status: z.enum(['completed', 'partial', 'failed']),
  phases: z.array(z.array(z.string())),
  agents: z.record(z.string(), agent),
  output: z.json(),
  error,
  usage: z.looseObject({ calls: amount, cacheHits: amount, ...tokens }),
  timings: z.looseObject({ totalMs: amount, sequentialMs: amount }),
});

/** Deeper is a mistake. */
const deepest = 200;

/**
 * A document that came through somebody's own code, as JSON keeps it. Fields may have been added, and none may be gone.
 * @throws OrreryError `usage-invalid` with the first field that is missing or of the wrong kind
 */
export function readEnsembleDocument(value: unknown): EnsembleDocument {
  const copy = asJson(value);
  if (isNestedDeeperThan(deepest, copy)) throw refused(`it is nested deeper than ${deepest}`);
  const outcome = shape.safeParse(copy);
  if (outcome.success) return outcome.data as unknown as EnsembleDocument;
  const [issue] = outcome.error.issues;
  const place = issue?.path.join('.') || 'the whole';
  throw refused(`${place}: ${issue?.message.replace(/^Invalid input: /, '')}`);
}

function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch (cause) {
    throw refused(firstLineOf(cause));
  }
}

function refused(what: string): OrreryError {
  return new OrreryError('usage-invalid', `what came back is no document of an ensemble: ${what}`, {
    hint: 'Give the document back with every field it had; others may be added.',
  });
}
