import { ChatError, type ChatRequest, type Provider } from '../llm/index.ts';
import type { FakeProvider } from './fake-provider.ts';
import type { FakeReply } from './fake-reply.ts';

/** What a case has to work with. The server is its own. */
export interface Bench {
  readonly server: FakeProvider;
  readonly provider: Provider;
  /** The same without the guard that Orrery puts around every plug-in, which hides what it lets slip. */
  readonly bare: Provider;
  /** The key the provider was given, which nothing may show. */
  readonly apiKey: string;
  /** Ends the case's questions when its time is up. */
  readonly signal: AbortSignal;
}

/** One thing that holds of every provider. */
export interface ProviderCase {
  readonly name: string;
  /** @throws Error saying what does not hold */
  run(bench: Bench): Promise<void>;
}

export const question: ChatRequest = {
  profile: 'analyst',
  provider: 'checked',
  model: 'fake-model',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Where do prices go?' },
  ],
  temperature: 0.2,
  maxTokens: 800,
  schema: null,
};

export function expectThat(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(complaint);
}

/** Alike as JSON, whatever the order of their keys. */
export function expectSame(what: string, found: unknown, wanted: unknown): void {
  const [one, other] = [written(found), written(wanted)];
  expectThat(one === other, `${what} is ${one} and should be ${other}`);
}

function written(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'undefined'
  );
}

/** Asks while the server does this; plain, or streamed. */
export async function failureOf(
  { server, provider, signal }: Pick<Bench, 'server' | 'provider' | 'signal'>,
  fault: FakeReply,
  stream: boolean,
): Promise<unknown> {
  server.answerWith(() => fault);
  const call = stream ? { signal, onText: () => undefined } : { signal };
  return provider.chat(question, call).then(
    ({ text }) => {
      throw new Error(`after ${fault.kind} it answered ${JSON.stringify(text)}`);
    },
    (reason: unknown) => reason,
  );
}

/** @throws Error when it is not what agents can go on without */
export function asChatError(thrown: unknown, what: string): ChatError {
  if (thrown instanceof ChatError) return thrown;
  const shown = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  throw new Error(`after ${what} it rejected with something that is not a ChatError (${shown})`);
}
