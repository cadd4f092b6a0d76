import { ChatError } from '../chat-error.ts';
import { rawOf } from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';

/** @throws ChatError unless there is one for each text, all of one length. */
export function vectorsOf(
  { name, redact }: Pick<ProviderOptions, 'name' | 'redact' | 'keyHint'>,
  embeddings: readonly (readonly number[])[],
  texts: readonly string[],
  body: string,
): readonly Float32Array[] {
  const width = embeddings[0]?.length ?? 0;
  const fits = embeddings.length === texts.length && embeddings.every(({ length }) => length === width);
  if (!fits || (texts.length > 0 && width === 0)) {
    throw new ChatError('provider-failed', `${name} did not give one vector for each text`, {
      ...{ hint: 'Check that the model is one for embeddings.', retryable: false },
      ...{ status: 200, raw: rawOf(body, redact) },
    });
  }
  return embeddings.map((embedding) => Float32Array.from(embedding));
}
