import { OrreryError } from '../core/index.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { createRecordingIds, handedOut, type Recording, repeatOutcome } from './recording.ts';
import type { RecordingStore } from './recording-store.ts';
import type { Redact } from './redact.ts';
import { redactRequest } from './redact-request.ts';
import { firstDifference, likeness } from './request-difference.ts';

/**
 * Answers one scope from what `run` recorded, and from nothing else: there is no provider below it.
 * @throws OrreryError `recording-miss` when that run did not ask the same; the message names the nearest recording and the first difference.
 * `redact` is made only then.
 */
export function replayCalls(
  store: RecordingStore,
  redact: () => Redact,
  run: string,
  scope: string,
): ChatModel {
  const idOf = createRecordingIds(run, scope);
  return {
    async chat(request, call) {
      const recording = await store.find(idOf(request));
      if (recording === null) {
        // Recordings are redacted: only so do both sides compare, and the message shows no secret.
        const asked = redactRequest(request, redact());
        throw missed(run, scope, asked, await store.inScope(run, scope));
      }
      return handedOut(repeatOutcome(recording, { payer: 'earlier-run', recorded: true }), call);
    },
  };
}

function missed(
  run: string,
  scope: string,
  request: ChatRequest,
  recorded: readonly Recording[],
): OrreryError {
  const [nearest] = [...recorded].sort((a, b) => likeness(b.request, request) - likeness(a.request, request));
  const what =
    nearest === undefined
      ? 'that run recorded nothing there'
      : `the nearest recording is ${nearest.id}; ${firstDifference(nearest.request, request)}`;
  return new OrreryError(
    'recording-miss',
    `Run ${run} holds no recording for this request of ${scope}: ${what}`,
    {
      hint: 'A replay needs the desk, prompts and data of the run it repeats; to ask the models anew, start a new run.',
    },
  );
}
