import { createAnthropic } from '@ai-sdk/anthropic';
import type { Provider } from '../chat.ts';
import { createAiSdkProvider } from './ai-sdk-provider.ts';
import type { ProviderOptions } from './provider-options.ts';

/** Anthropic's messages. The system message is marked for its cache of prompts: it is what stays the same from call to call. */
export function createAnthropicProvider(options: ProviderOptions): Provider {
  return createAiSdkProvider(options, {
    languageModel: (settings, model) => createAnthropic(settings).messages(model),
    options: { system: { anthropic: { cacheControl: { type: 'ephemeral' } } } },
  });
}
