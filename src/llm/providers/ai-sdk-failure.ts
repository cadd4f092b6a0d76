import { APICallError, InvalidPromptError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { ChatError } from '../chat-error.ts';
import { excerpt } from '../excerpt.ts';
import type { Exchange } from './exchange.ts';
import { parseJson } from './parse-json.ts';
import { fieldOf, httpFailure, reportedFailure, wrongShape } from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';

/** What the AI SDK threw, or put into its stream, in our words. */
export function aiSdkFailure(
  options: Pick<ProviderOptions, 'name' | 'redact' | 'keyHint'>,
  thrown: unknown,
  exchange: Exchange,
): ChatError {
  const { body } = exchange;
  if (thrown instanceof ChatError) return thrown;
  if (exchange.refused !== null) return exchange.refused;
  if (UnsupportedFunctionalityError.isInstance(thrown) || InvalidPromptError.isInstance(thrown)) {
    const words = excerpt(options.redact(thrown.message));
    return new ChatError('provider-failed', `${options.name} cannot be asked this: ${words}`, {
      hint: 'Ask another model, or ask otherwise.',
      retryable: false,
    });
  }
  // Of an error in a stream, or in a body of status 200, the SDK makes up a status; what it is called tells more.
  const error = writtenError(thrown);
  const words = JSON.stringify({ error });
  const reported =
    reportedFailure(options, parseJson(body), body) ?? reportedFailure(options, { error }, words);
  if (reported !== null) return reported;
  const status = fieldOf(thrown, 'statusCode');
  if (typeof status === 'number' && status >= 400) return httpFailure(options, { status, body: words });
  if (status === 200 && parseJson(body) !== undefined) return wrongShape(options, body);
  return exchange.broken('sent an answer that cannot be read');
}

/** The error as the provider wrote it, as far as the SDK has kept it. */
function writtenError(thrown: unknown): unknown {
  if (!APICallError.isInstance(thrown)) {
    const [message, code, type] = ['message', 'code', 'type'].map((name) => fieldOf(thrown, name));
    return { message, code, type };
  }
  const written = parseJson(thrown.responseBody ?? '');
  const { message } = thrown;
  const [code, type] = ['code', 'type'].map((name) => fieldOf(fieldOf(written, 'error') ?? written, name));
  return { message, code, type };
}
