import type { WireError, WireProblem } from '../wire-format.ts';

/** OpenAI's errors, alike in both of its formats. */
export function openAiError(problem: WireProblem): WireError {
  switch (problem.kind) {
    case 'rate-limit':
      return {
        status: 429,
        headers: { 'retry-after': String(problem.retryAfterSeconds) },
        body: bodyOf(
          'Rate limit reached for requests. Please try again later.',
          'requests',
          'rate_limit_exceeded',
        ),
      };
    case 'overloaded':
      return { status: 503, body: bodyOf('The server is currently overloaded.', 'server_error', null) };
    case 'server-error':
      return {
        status: 500,
        body: bodyOf('The server had an error while processing your request.', 'server_error', null),
      };
    case 'unauthorized':
      return {
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="OpenAI API"' },
        body: bodyOf('Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key'),
      };
    case 'context-too-long':
      return {
        status: 400,
        body: bodyOf(
          'Your input exceeds the context window of this model.',
          'invalid_request_error',
          'context_length_exceeded',
        ),
      };
    case 'not-found':
      return { status: 404, body: bodyOf(problem.message, 'invalid_request_error', 'not_found') };
    case 'bad-request':
      return { status: 400, body: bodyOf(problem.message, 'invalid_request_error', null) };
    case 'brain-failed':
      return { status: 500, body: bodyOf(problem.message, 'server_error', null) };
  }
}

function bodyOf(message: string, type: string, code: string | null): object {
  return { error: { message, type, param: null, code } };
}
