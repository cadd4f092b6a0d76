import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { FakeFormat, FakeProvider } from '../src/testing/index.ts';

/** A client of the four wire formats as bare as can be: what it reads is what is on the wire. */
export const formats: readonly FakeFormat[] = ['openai-chat', 'openai-responses', 'anthropic', 'google'];

const schema = {
  type: 'object',
  properties: { up: { type: 'boolean' }, why: { type: 'string' } },
  required: ['up', 'why'],
  additionalProperties: false,
} as const;
export const answerSchema = { name: 'trend', schema };

export const tool = {
  name: 'price',
  description: 'The price of an instrument.',
  schema: { type: 'object', properties: { instrument: { type: 'string' } } },
} as const;

/** How the same question is put in each format: a system message, a user's, temperature 0.2 and at most 800 tokens. */
const bodies = {
  'openai-chat': {
    model: 'm-1',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Trend?' },
    ],
    temperature: 0.2,
    max_tokens: 800,
  },
  'openai-responses': {
    model: 'm-1',
    instructions: 'Be brief.',
    input: 'Trend?',
    temperature: 0.2,
    max_output_tokens: 800,
  },
  anthropic: {
    model: 'm-1',
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [{ role: 'user', content: 'Trend?' }],
    temperature: 0.2,
    max_tokens: 800,
  },
  google: {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [{ role: 'user', parts: [{ text: 'Trend?' }] }],
    generationConfig: { temperature: 0.2, maxOutputTokens: 800 },
  },
};

/** The same with a schema for the answer. */
export const withSchema = {
  'openai-chat': { response_format: { type: 'json_schema', json_schema: { ...answerSchema, strict: true } } },
  'openai-responses': { text: { format: { type: 'json_schema', ...answerSchema, strict: true } } },
  anthropic: { output_config: { format: { type: 'json_schema', schema } } },
  google: { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } },
};

export const withTools = {
  'openai-chat': {
    tools: [
      {
        type: 'function',
        function: { name: tool.name, description: tool.description, parameters: tool.schema },
      },
    ],
  },
  'openai-responses': {
    tools: [{ type: 'function', name: tool.name, description: tool.description, parameters: tool.schema }],
  },
  anthropic: { tools: [{ name: tool.name, description: tool.description, input_schema: tool.schema }] },
  google: {
    tools: [
      { functionDeclarations: [{ name: tool.name, description: tool.description, parameters: tool.schema }] },
    ],
  },
};

export interface Put {
  readonly stream?: boolean;
  readonly more?: object;
  readonly signal?: AbortSignal;
}

export function put(
  server: Pick<FakeProvider, 'baseUrl' | 'googleBaseUrl'>,
  format: FakeFormat,
  { stream = false, more = {}, signal }: Put = {},
): Promise<Response> {
  const google = `${server.googleBaseUrl}/models/m-1:`;
  const [url, headers] = {
    'openai-chat': [`${server.baseUrl}/chat/completions`, { authorization: 'Bearer key-1' }],
    'openai-responses': [`${server.baseUrl}/responses`, { authorization: 'Bearer key-1' }],
    anthropic: [`${server.baseUrl}/messages`, { 'x-api-key': 'key-1', 'anthropic-version': '2023-06-01' }],
    google: [
      `${google}${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      { 'x-goog-api-key': 'key-1' },
    ],
  }[format] as [string, Record<string, string>];
  const body = { ...bodies[format], ...(format === 'google' ? {} : { stream }), ...more };
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  return fetch(url, signal === undefined ? init : { ...init, signal });
}

/** A streamed event's data, decoded; `[DONE]` as it stands. */
// biome-ignore lint/suspicious/noExplicitAny: what is on the wire has no type before it is looked at.
export type Decoded = any;

export async function eventsOf(response: Response): Promise<readonly Decoded[]> {
  const decoded: Decoded[] = [];
  const events = response
    .body!.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events) {
    const value = data === '[DONE]' ? data : JSON.parse(data);
    // Two ways to say what an event is, which must agree.
    if (event !== undefined && value.type !== event) throw new Error(`event ${event} holds ${value.type}`);
    decoded.push(value);
  }
  return decoded;
}

/** The answer's text in a plain response. */
export function textIn(format: FakeFormat, body: Decoded): string | null {
  switch (format) {
    case 'openai-chat':
      return body.choices[0].message.content;
    case 'openai-responses':
      return body.output[0].content[0].text;
    case 'anthropic':
      return body.content[0].text;
    case 'google':
      return body.candidates[0].content.parts[0].text;
  }
}

/** The pieces of text in a stream, joined. */
export function streamedText(format: FakeFormat, events: readonly Decoded[]): string {
  const pieces = {
    'openai-chat': (event: Decoded) => event.choices?.[0]?.delta.content,
    'openai-responses': (event: Decoded) => (event.type === 'response.output_text.delta' ? event.delta : ''),
    anthropic: (event: Decoded) => event.delta?.text,
    google: (event: Decoded) => event.candidates?.[0].content.parts[0].text,
  }[format];
  return events.map((event) => pieces(event) ?? '').join('');
}

/** The stream says that it is at its end. */
export function isEnded(format: FakeFormat, events: readonly Decoded[]): boolean {
  const last = events.at(-1);
  switch (format) {
    case 'openai-chat':
      return last === '[DONE]';
    case 'openai-responses':
      return last?.type === 'response.completed';
    case 'anthropic':
      return last?.type === 'message_stop';
    case 'google':
      return last?.candidates?.[0].finishReason !== undefined;
  }
}
