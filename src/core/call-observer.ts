import type { CallCost } from './decision-record.ts';

/** One question to a model, as it is told to who watches: never its words, nor those of the answer. */
export interface BegunCall {
  readonly profile: string;
  /** As configured; the answer may come from another. */
  readonly provider: string;
  /** What the provider speaks, such as `anthropic`; null when it is not configured. */
  readonly providerKind: string | null;
  readonly model: string;
  /** Who asks; empty where no agent does. */
  readonly agent: string;
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  /** The answer must fit a schema. */
  readonly structured: boolean;
  readonly streamed: boolean;
}

/** How it ended, its retries and fallbacks included. Provider and model are those of the answer, or of the last failure. */
export interface EndedCall extends CallCost {
  readonly providerKind: string | null;
  readonly cachedPromptTokens: number;
  readonly cacheWriteTokens: number;
  /** 0 when no model was asked: the answer was at hand, or the question was turned away. */
  readonly calls: number;
  /** 1 when nobody was asked: the provider was left alone, or the budget was spent. */
  readonly turnedAway: number;
  /** 1 when the answer came from the cache. */
  readonly cacheHits: number;
  /** The model by the provider's own account; null without an answer. */
  readonly answeredBy: string | null;
  readonly finishReason: string | null;
  /** The error's code, also of an answer that cannot be used; null when there was one that can. */
  readonly failure: string | null;
}

/** Of one provider, see `llm/with-circuit.ts`. */
export type CircuitState = 'closed' | 'open' | 'probing';

/**
 * Hears of questions to models as they are asked, for metrics and traces. It only watches: what it throws is dropped, and an
 * answer waits for it, so it must be quick.
 */
export interface CallObserver {
  /** @returns what hears of the end, once; null when nobody wants to */
  callBegun(call: BegunCall): ((end: EndedCall) => void) | null;
  /** The provider is left alone, tried or asked again from now on. */
  circuitChanged?(provider: string, state: CircuitState): void;
}
