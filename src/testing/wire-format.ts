import type { JsonValue } from '../core/index.ts';
import type { FakeUsage } from './fake-reply.ts';
import type { FakeFormat, FakeQuestion } from './fake-request.ts';

/** An answer with everything decided, ready to be put into a format. */
export interface WireAnswer {
  /** Counts from 1 over the server's life: ids are made of it. */
  readonly call: number;
  readonly model: string;
  readonly text: string;
  readonly toolCalls: readonly {
    readonly id: string | null;
    readonly name: string;
    readonly input: JsonValue;
  }[];
  /** `refusal`: the text is the model's own no. `filter`: a filter stopped it. */
  readonly finish: 'stop' | 'length' | 'tools' | 'refusal' | 'filter';
  readonly usage: Required<FakeUsage>;
}

/** One server-sent event. */
export interface WireEvent {
  readonly event?: string;
  readonly data: string;
}

export interface WireError {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body: object;
}

/** What a vendor has words of its own for. */
export type WireProblem =
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'overloaded' | 'server-error' | 'unauthorized' | 'context-too-long' }
  | { readonly kind: 'not-found' | 'bad-request' | 'brain-failed'; readonly message: string };

export interface WireFormat {
  readonly name: FakeFormat;
  /** @throws Error with the vendor's complaint when a vendor would refuse the body. */
  read(body: { readonly [key: string]: unknown }): Omit<FakeQuestion, 'model' | 'stream'>;
  /** The tool through which the request wants a JSON answer given, for formats in which that is done. */
  answerTool?(body: { readonly [key: string]: unknown }): string | null;
  whole(answer: WireAnswer): object;
  /** `body` is the request's: OpenAI's chat streams usage only when asked to. */
  events(answer: WireAnswer, body: { readonly [key: string]: unknown }): readonly WireEvent[];
  error(problem: WireProblem): WireError;
  /** How a stream says that it failed half way. */
  errorEvent(): WireEvent;
}

/** A text in the pieces in which it is streamed; joined they are the text. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,12}/gu) ?? [];
}

export function totalTokens({ promptTokens, responseTokens }: FakeUsage): number {
  return promptTokens + responseTokens;
}
