import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { ChatCall, ChatMessage, ChatRequest, ChatResponse, Provider } from '../chat.ts';
import { ChatError } from '../chat-error.ts';
import { type RedactedPieces, redactPieces } from '../redact-pieces.ts';
import { assembleCompletion } from './assemble-completion.ts';
import { billed } from './billed.ts';
import { chatAnswer } from './chat-answer.ts';
import { type Exchange, isEventStream, openExchange, readAll } from './exchange.ts';
import { type Completion, parseCompletion, readCompletion, usageIn } from './openai-completion.ts';
import { parseAnswer } from './parse-answer.ts';
import { parseJson } from './parse-json.ts';
import { fieldOf, reportedFailure, statedFailure, wrongShape } from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';
import { vectorsOf } from './vectors.ts';

/**
 * A server that speaks OpenAI's chat completions: most gateways, Ollama, OpenRouter, Mistral, DeepSeek, xAI.
 * One try, neither timed nor priced: that is wrapped around it. What comes back is redacted, errors included.
 */
export function createOpenAiCompatible(options: ProviderOptions): Provider {
  const post = (path: string, exchange: Exchange, body: object) =>
    exchange.send(`${options.baseUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
      },
      body: JSON.stringify(body),
    });
  return {
    async chat(request, call) {
      const exchange = openExchange(options, call?.signal);
      const pieces = redactPieces(options.redact, call?.onText ?? (() => {}));
      const streamed = call?.onText !== undefined;
      const response = await post('/chat/completions', exchange, completionRequest(request, streamed));
      if (streamed && isEventStream(response)) {
        return await readStream(options, request, exchange, response, pieces);
      }
      const answer = readWhole(options, request, exchange, await readAll(options, exchange, response));
      if (answer.text !== '') call?.onText?.(answer.text);
      return answer;
    },
    async embed({ model, texts }, call: Pick<ChatCall, 'signal'> = {}) {
      const exchange = openExchange(options, call.signal);
      const response = await post('/embeddings', exchange, { model, input: texts, encoding_format: 'float' });
      const body = await readAll(options, exchange, response);
      const { data, usage } = embeddingsShape.safeParse(parseAnswer(options, body)).data ?? {};
      const inOrder = data?.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map((one) => one.embedding);
      return {
        vectors: vectorsOf(options, inOrder ?? [], texts, body),
        promptTokens: usage?.prompt_tokens ?? 0,
      };
    },
  };
}

function completionRequest(request: ChatRequest, streamed: boolean) {
  const { schema, tools = [] } = request;
  return {
    model: request.model,
    messages: request.messages.map(writtenMessage),
    stream: streamed,
    ...(streamed ? { stream_options: { include_usage: true } } : {}),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.maxTokens === null ? {} : { max_tokens: request.maxTokens }),
    ...(schema === null
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } } }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, schema: parameters }) => ({
            type: 'function',
            function: { name, description, parameters },
          })),
        }),
  };
}

function writtenMessage(message: ChatMessage) {
  if (message.role === 'tool') {
    return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  }
  if (message.role !== 'assistant' || message.toolCalls === undefined) return message;
  const { role, content, toolCalls } = message;
  return {
    role,
    content,
    tool_calls: toolCalls.map(({ id, name, input }) => ({
      ...{ id, type: 'function' },
      function: { name, arguments: JSON.stringify(input) },
    })),
  };
}

const embeddingsShape = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()), index: z.number().nullish() })),
  usage: z.object({ prompt_tokens: z.number().int().nonnegative() }).nullish().catch(null),
});

/** A body may hold an error beside what there was of an answer before it. */
function readWhole(
  options: ProviderOptions,
  request: ChatRequest,
  exchange: Exchange,
  body: string,
): ChatResponse {
  const json = parseAnswer(options, body);
  const completion = parseCompletion(json);
  try {
    if (completion === null) throw reportedFailure(options, json, body) ?? wrongShape(options, body);
    const failure = statedFailure(options, json);
    if (failure !== null) throw failure;
    return answerOf(options, request, exchange, completion);
  } catch (thrown) {
    throw thrown instanceof ChatError ? billed(thrown, usageIn(fieldOf(json, 'usage'))) : thrown;
  }
}

function answerOf(
  options: ProviderOptions,
  request: ChatRequest,
  exchange: Exchange,
  completion: Completion,
): ChatResponse {
  const finish = completion.choices[0]?.finish_reason ?? '';
  if (finish === '') throw exchange.broken('broke off its answer');
  if (finish === 'error') throw exchange.broken('gave up its answer');
  return chatAnswer(options, request, readCompletion(completion), exchange.broken);
}

/** @throws ChatError when the stream ends before the model has finished and `[DONE]` has come; `shown` says whether pieces were. */
async function readStream(
  options: ProviderOptions,
  request: ChatRequest,
  exchange: Exchange,
  response: Response,
  pieces: RedactedPieces,
): Promise<ChatResponse> {
  const assembly = assembleCompletion();
  let done = false;
  const parser = createParser({
    onEvent({ event, data }) {
      if (data.trim() === '[DONE]') done = true;
      else if (!done) pieces.push(readChunk(options, exchange, assembly.add, { event, data }));
    },
  });
  try {
    const decoder = new TextDecoder();
    for await (const bytes of exchange.bytesOf(response))
      parser.feed(decoder.decode(bytes, { stream: true }));
    // Not every server ends its last event with an empty line; one that was cut in two is no JSON.
    parser.feed('\n\n');
    const completion = done ? assembly.whole() : null;
    if (completion === null) throw exchange.broken('broke off its answer');
    const answer = answerOf(options, request, exchange, completion);
    pieces.end();
    return { ...answer, text: pieces.text };
  } catch (thrown) {
    if (!(thrown instanceof ChatError)) throw thrown;
    const failure = thrown.with({ raw: exchange.broken('').raw, shown: pieces.text !== '' });
    throw billed(failure, usageIn(assembly.usage()));
  }
}

function readChunk(
  options: ProviderOptions,
  exchange: Exchange,
  add: (json: unknown) => string | null,
  { event, data }: { readonly event: string | undefined; readonly data: string },
): string {
  const json = parseJson(options.redact(data));
  const failure = statedFailure(options, event === 'error' ? { error: json ?? data } : json);
  if (failure !== null) throw failure;
  const text = add(json);
  if (text === null) throw exchange.broken('sent a piece that is none of a chat completion');
  return text;
}
