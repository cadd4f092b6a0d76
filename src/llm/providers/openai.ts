import { createOpenAI } from '@ai-sdk/openai';
import type { Provider } from '../chat.ts';
import { createAiSdkProvider } from './ai-sdk-provider.ts';
import type { ProviderOptions } from './provider-options.ts';

/** OpenAI's responses, which it is told not to keep. Its chat completions are what `openai-compatible` speaks. */
export function createOpenAiProvider(options: ProviderOptions): Provider {
  return createAiSdkProvider(options, {
    languageModel: (settings, model) => createOpenAI(settings).responses(model),
    embeddingModel: (settings, model) => createOpenAI(settings).embedding(model),
    options: { call: { openai: { store: false } } },
  });
}
