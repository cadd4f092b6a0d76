import type { JsonValue } from '../core/index.ts';
import type { FakeRequest } from './fake-request.ts';

/** Tokens a reply claims. `promptTokens` is all of the prompt; the cached and written ones are among them. */
export interface FakeUsage {
  readonly promptTokens: number;
  readonly responseTokens: number;
  readonly cachedPromptTokens?: number;
  /** Written into the provider's cache of prompts; only Anthropic's format tells. */
  readonly cacheWriteTokens?: number;
}

export interface FakeToolCall {
  /** Made up when left out. Google's format carries none unless given. */
  readonly id?: string;
  readonly name: string;
  readonly input: { readonly [key: string]: JsonValue };
}

/** What a model says. Without `usage` the server's applies: by default a token for every four characters. */
export type FakeAnswer =
  /** The object as JSON. Nobody checks that it fits the schema that was asked for. */
  | { readonly kind: 'answer'; readonly answer: object; readonly usage?: FakeUsage }
  /** Any text, e.g. prose, or half an object with `finishReason: 'length'`. `refusal` is a filter that stopped it. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly finishReason?: 'stop' | 'length' | 'refusal';
      readonly usage?: FakeUsage;
    }
  | {
      readonly kind: 'tools';
      readonly calls: readonly FakeToolCall[];
      /** Said before the calls. */
      readonly text?: string;
      readonly usage?: FakeUsage;
    }
  /** The model's own no, in its words. */
  | { readonly kind: 'refusal'; readonly text: string; readonly usage?: FakeUsage };

/** An error as the vendor's own status, headers and body. */
export type FakeError =
  /** 429. `retry-after` in whole seconds, 1 when left out; Google says it in the body. */
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds?: number }
  /** 529 from Anthropic, 503 from the others. */
  | { readonly kind: 'overloaded' }
  /** 500. */
  | { readonly kind: 'server-error' }
  /** 401; Google answers a wrong key with 400. */
  | { readonly kind: 'unauthorized' }
  /** 400. */
  | { readonly kind: 'context-too-long' };

/** What goes wrong on the way. Where part of an answer comes through, it is half of an ordinary one. */
export type FakeFault =
  | FakeError
  /** A whole HTTP response of your own: a recorded body, garbage, a redirect. */
  | {
      readonly kind: 'http';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Valid JSON that no schema asked for. */
  | { readonly kind: 'wrong-schema' }
  /** JSON that stops half way, in a response that ends in good order; of a stream, the data of an event. */
  | { readonly kind: 'truncated-json' }
  /** A stream that ends in good order after half of its events; a plain body like `truncated-json`. */
  | { readonly kind: 'truncated-stream' }
  /** A stream whose second half is the vendor's word for an overload; a plain request gets the status. */
  | { readonly kind: 'error-midway' }
  /** Half a response, then the connection closes. */
  | { readonly kind: 'broken-off' }
  /** The connection closes without a word. */
  | { readonly kind: 'reset' }
  /** No answer until the caller gives up. */
  | { readonly kind: 'stall' }
  /** Half a response, then nothing until the caller gives up. */
  | { readonly kind: 'stall-midway' }
  /** Nothing for so long, then `reply`, or an ordinary answer. */
  | { readonly kind: 'slow'; readonly milliseconds: number; readonly reply?: FakeReply }
  /** A body that is not what its headers say, in a packet of its own: Node's `fetch` then never settles, aborted or not. */
  | { readonly kind: 'mislabelled' };

/** What the server does with one request. */
export type FakeReply = FakeAnswer | FakeFault;

/** Decides on a request, whatever its format; `call` counts from 1. One that throws is answered with status 500 and its words. */
export type FakeBrain = (request: FakeRequest, call: number) => FakeReply | Promise<FakeReply>;
