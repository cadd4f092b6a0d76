// biome-ignore-all lint/style/noDefaultExport: a plug-in is what its file exports by default.
// A provider of one's own, whole: for servers that speak OpenAI's chat completions. It always asks for a stream.
import type { ChatCall, ChatMessage, ChatRequest, FinishReason, PluginOptions } from 'orrery-desk';

export default ({ baseUrl, apiKey, redact, fetch }: PluginOptions) => ({
  async chat(request: ChatRequest, call: ChatCall) {
    try {
      const response = await fetch(`${baseUrl}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
        body: JSON.stringify(bodyOf(request)),
        signal: call.signal ?? null,
      });
      if (!response.ok) throw await refusalOf(response);
      return await readAnswer(response, call);
    } catch (thrown) {
      // Without `retryable` it is no connection, one that broke off, or a piece cut in two: asking again may help.
      const words = redact(thrown instanceof Error ? thrown.message : String(thrown));
      throw Object.assign(new Error(words), { retryable: true, ...(thrown as object) });
    }
  },
});

function bodyOf({ model, messages, temperature, maxTokens, schema, tools = [] }: ChatRequest) {
  return {
    model,
    messages: messages.map(messageOf),
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== null && { temperature }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
    ...(schema !== null && {
      response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } },
    }),
    ...(tools.length > 0 && {
      tools: tools.map(({ schema: parameters, ...tool }) => ({
        type: 'function',
        function: { ...tool, parameters },
      })),
    }),
  };
}

function messageOf(message: ChatMessage) {
  const { role, content } = message;
  if (role === 'tool') return { role, content, tool_call_id: message.toolCallId };
  if (role !== 'assistant' || message.toolCalls === undefined) return { role, content };
  const tool_calls = message.toolCalls.map(({ id, name, input }) => ({
    ...{ id, type: 'function', function: { name, arguments: JSON.stringify(input) } },
  }));
  return { role, content, tool_calls };
}

async function refusalOf(response: Response): Promise<Error> {
  const { status } = response;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Object.assign(new Error(`it answered ${status}: ${(await response.text()).slice(0, 300)}`), {
    status,
    retryable: status === 408 || status === 429 || status >= 500,
    ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
  });
}

const finishReasons: { readonly [word: string]: FinishReason } = {
  ...{ stop: 'stop', length: 'length', content_filter: 'refusal', tool_calls: 'tools' },
};

async function readAnswer(response: Response, { onText }: ChatCall) {
  const calls: { id: string; name: string; input: string }[] = [];
  const answer = { text: '', answeredBy: null, promptTokens: 0, responseTokens: 0, cachedPromptTokens: 0 };
  let finishReason: FinishReason | null = null;
  for await (const { error, model, choices, usage } of eventsOf(response)) {
    if (error) throw new Error(`it broke off: ${error.message}`);
    answer.answeredBy = model;
    const { delta = {}, finish_reason } = choices[0] ?? {};
    const piece = delta.content || delta.refusal || '';
    answer.text += piece;
    if (piece !== '') onText?.(piece);
    if (delta.refusal) finishReason = 'refusal';
    for (const { index, id, function: called } of delta.tool_calls ?? []) {
      calls[index] ??= { id, name: called.name, input: '' };
      calls[index].input += called.arguments;
    }
    if (finish_reason) finishReason ??= finishReasons[finish_reason] ?? 'other';
    if (usage) {
      answer.promptTokens = usage.prompt_tokens;
      answer.responseTokens = usage.completion_tokens;
      answer.cachedPromptTokens = usage.prompt_tokens_details?.cached_tokens ?? 0;
    }
  }
  if (finishReason === null) throw new Error('it came to no end');
  const toolCalls = calls.map(({ input, ...call }) => ({ ...call, input: JSON.parse(input || '{}') }));
  return { ...answer, finishReason, toolCalls };
}

/** What stands behind each `data:`. An answer that does not end with [DONE] is no answer. */
async function* eventsOf(response: Response) {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const data = line.startsWith('data:') ? line.slice(5).trim() : '';
      if (data === '[DONE]') return;
      if (data !== '') yield JSON.parse(data);
    }
  }
  throw new Error('it broke off');
}
