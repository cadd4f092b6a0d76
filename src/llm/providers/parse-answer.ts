import type { JsonValue } from '../../core/index.ts';
import { parseJson } from './parse-json.ts';
import { brokenAnswer, wrongShape } from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';

/**
 * The JSON of a body that came with status 2xx.
 * @throws ChatError when it is none. A page of a web server means a wrong address; anything else was cut off or garbled on its way.
 */
export function parseAnswer(options: Pick<ProviderOptions, 'name' | 'redact'>, body: string): JsonValue {
  const json = parseJson(body);
  if (json !== undefined) return json;
  throw body.trimStart().startsWith('<')
    ? wrongShape(options, body)
    : brokenAnswer(options, 'answered broken JSON, so not a chat completion', body);
}
