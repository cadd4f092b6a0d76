import type { ChatCall, ChatRequest, ChatResponse, Provider, ProviderKind } from '../src/llm/index.ts';
import { ChatError } from '../src/llm/index.ts';
import { createProvider } from '../src/llm/providers/create-provider.ts';
import { createRedact } from '../src/llm/redact.ts';
import type { WireServer } from './wire-server.ts';

export const secretKey = 'a-key-nobody-may-see-4711';

/** The adapter of a kind in front of a server, without anything around it. */
export function providerAt(server: WireServer, kind: ProviderKind, key: string = secretKey): Provider {
  const settings = { kind, baseUrl: `${server.url}/v1`, apiKeyEnv: 'WIRE_KEY' } as const;
  const redact = createRedact({ providers: { wire: settings }, profiles: {} }, { WIRE_KEY: key });
  return createProvider('wire', settings, key, redact);
}

export const plainRequest: ChatRequest = {
  ...{ profile: 'analyst', provider: 'wire', model: 'some-model' },
  messages: [
    { role: 'system', content: 'You are a technical analyst.' },
    { role: 'user', content: 'What is the trend?' },
  ],
  ...{ temperature: null, maxTokens: null, schema: null },
};

export interface Asked {
  readonly answer: ChatResponse | null;
  readonly error: ChatError | null;
  readonly pieces: readonly string[];
}

/** Asks, streamed or not, and tells how it ended; what is neither an answer nor a failure of the call is thrown. */
export async function askStreamed(
  provider: Provider,
  streamed: boolean,
  request: ChatRequest = plainRequest,
  call: ChatCall = {},
): Promise<Asked> {
  const pieces: string[] = [];
  const onText = streamed ? { onText: (piece: string) => void pieces.push(piece) } : {};
  try {
    return { answer: await provider.chat(request, { ...call, ...onText }), error: null, pieces };
  } catch (thrown) {
    if (thrown instanceof ChatError) return { answer: null, error: thrown, pieces };
    throw thrown;
  }
}
