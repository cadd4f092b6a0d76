import type { ChatCall, ChatModel, ChatRequest } from './chat.ts';
import { ChatError } from './chat-error.ts';
import {
  answerOutcome,
  createRecordingIds,
  failureOutcome,
  handedOut,
  type RecordedOutcome,
  type Recording,
  repeatOutcome,
} from './recording.ts';
import type { RecordingStore } from './recording-store.ts';
import type { Redact } from './redact.ts';
import { redactRequest } from './redact-request.ts';

/**
 * Keeps every exchange of one scope before its answer is used, failures included. A recording this run already holds is used
 * instead of asking: a resumed run neither pays nor asks twice. Interrupts leave none.
 */
export function recordCalls(
  store: RecordingStore,
  redact: Redact,
  run: string,
  scope: string,
  next: ChatModel,
): ChatModel {
  const idOf = createRecordingIds(run, scope);
  return {
    async chat(request, call) {
      const id = idOf(request);
      const held = await store.find(id);
      if (held !== null) return handedOut(repeatOutcome(held, { payer: 'this-run', recorded: true }), call);
      const outcome = await outcomeOf(next, request, call);
      const recording: Recording = { id, run, scope, request: redactRequest(request, redact), outcome };
      await store.save(recording);
      return repeatOutcome(recording, { payer: 'this-run', recorded: false });
    },
  };
}

async function outcomeOf(
  next: ChatModel,
  request: ChatRequest,
  call: ChatCall | undefined,
): Promise<RecordedOutcome> {
  try {
    return answerOutcome(await next.chat(request, call));
  } catch (thrown) {
    if (thrown instanceof ChatError) return failureOutcome(thrown);
    throw thrown;
  }
}
