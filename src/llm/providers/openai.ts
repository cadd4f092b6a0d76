import { createOpenAI } from '@ai-sdk/openai';
import type { Provider } from '../chat.ts';
import { createAiSdkProvider } from './ai-sdk-provider.ts';
import { fieldOf } from './provider-failure.ts';
import type { ProviderOptions } from './provider-options.ts';

const unfinished: ReadonlySet<unknown> = new Set(['queued', 'in_progress', 'cancelled']);

/** OpenAI's responses, which it is told not to keep. Its chat completions are what `openai-compatible` speaks. */
export function createOpenAiProvider(options: ProviderOptions): Provider {
  return createAiSdkProvider(options, {
    languageModel: (settings, model) => createOpenAI(settings).responses(model),
    embeddingModel: (settings, model) => createOpenAI(settings).embedding(model),
    options: { call: { openai: { store: false } } },
    isUnfinished: (body) => unfinished.has(fieldOf(body, 'status')),
  });
}
