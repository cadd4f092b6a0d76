import type {
  JSONSchema7,
  LanguageModelV3CallOptions,
  LanguageModelV3Message,
  SharedV3ProviderOptions,
} from '@ai-sdk/provider';
import type { ChatMessage, ChatRequest, ToolCall } from '../chat.ts';
import type { JsonSchema } from '../json-schema.ts';

/** Options of one kind that the AI SDK passes through. */
export interface KindOptions {
  /** For the last of the system messages at the beginning. */
  readonly system?: SharedV3ProviderOptions;
  readonly call?: SharedV3ProviderOptions;
}

/** The request in the AI SDK's words. */
export function aiSdkRequest(request: ChatRequest, options: KindOptions): LanguageModelV3CallOptions {
  const { messages, temperature, maxTokens, schema, tools = [] } = request;
  return {
    prompt: promptOf(messages, options.system),
    ...(temperature === null ? {} : { temperature }),
    ...(maxTokens === null ? {} : { maxOutputTokens: maxTokens }),
    ...(schema === null
      ? {}
      : { responseFormat: { type: 'json', schema: writable(schema.schema), name: schema.name } }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, schema: input }) => ({
            ...{ type: 'function', name, description },
            inputSchema: writable(input),
          })),
        }),
    ...(options.call === undefined ? {} : { providerOptions: options.call }),
  };
}

/** The SDK declares its schemas as if it wrote to them. */
function writable(schema: JsonSchema): JSONSchema7 {
  return schema as JSONSchema7;
}

function promptOf(
  messages: readonly ChatMessage[],
  systemOptions: SharedV3ProviderOptions | undefined,
): LanguageModelV3Message[] {
  const firstOther = messages.findIndex(({ role }) => role !== 'system');
  const lastSystem = (firstOther === -1 ? messages.length : firstOther) - 1;
  const toolNames = new Map<string, string>();
  return messages.map((message, position) => {
    const given = written(message, toolNames);
    return position === lastSystem && systemOptions !== undefined
      ? { ...given, providerOptions: systemOptions }
      : given;
  });
}

/** The SDK wants the tool's name with what it gave, so the calls seen so far are kept. */
function written(message: ChatMessage, toolNames: Map<string, string>): LanguageModelV3Message {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.content }] };
    case 'assistant': {
      const { content, toolCalls = [] } = message;
      for (const { id, name } of toolCalls) toolNames.set(id, name);
      const text = content === '' ? [] : [{ type: 'text', text: content } as const];
      return { role: 'assistant', content: [...text, ...toolCalls.map(writtenCall)] };
    }
    case 'tool': {
      const { toolCallId, content } = message;
      const toolName = toolNames.get(toolCallId) ?? 'unknown';
      const output = { type: 'text', value: content } as const;
      return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] };
    }
  }
}

function writtenCall({ id, name, input }: ToolCall) {
  return { type: 'tool-call', toolCallId: id, toolName: name, input } as const;
}
