import type { Provider } from '../chat.ts';
import { ChatError } from '../chat-error.ts';
import type { ProviderKind, ProviderSettings } from '../llm-settings.ts';
import { pluginFile, providerEndpoint } from '../provider-endpoint.ts';
import type { Redact } from '../redact.ts';
import { createOpenAiCompatible } from './openai-compatible.ts';
import { loadPlugin } from './plugin.ts';
import type { ProviderOptions } from './provider-options.ts';

type Create = (options: ProviderOptions) => Provider;

/** Every kind that talks to a server. The vendors' libraries take longer to load than a command may take to start. */
const creators: { readonly [Kind in Exclude<ProviderKind, 'plugin'>]: Create } = {
  'openai-compatible': createOpenAiCompatible,
  ollama: createOpenAiCompatible,
  openrouter: createOpenAiCompatible,
  anthropic: chatOnFirstUse(async () => (await import('./anthropic.ts')).createAnthropicProvider),
  openai: onFirstUse(async () => (await import('./openai.ts')).createOpenAiProvider),
  google: onFirstUse(async () => (await import('./google.ts')).createGoogleProvider),
};

/**
 * The adapter of a provider.
 * @throws OrreryError `configuration-invalid` when its settings lead nowhere, a plug-in that cannot be used when it is first asked
 */
export function createProvider(
  name: string,
  settings: ProviderSettings,
  apiKey: string | null,
  redact: Redact,
  keyHint?: string,
): Provider {
  if (settings.kind !== 'plugin') {
    const baseUrl = providerEndpoint(name, settings);
    const hinted = keyHint === undefined ? {} : { keyHint };
    return creators[settings.kind]({ name, baseUrl, apiKey, redact, ...hinted });
  }
  const file = pluginFile(name, settings);
  const baseUrl = settings.baseUrl === undefined ? null : providerEndpoint(name, settings);
  return lazyProvider(() => loadPlugin(file, { name, baseUrl, apiKey, redact }));
}

function onFirstUse(load: () => Promise<Create>): Create {
  return (options) => lazyProvider(async () => (await load())(options));
}

function chatOnFirstUse(load: () => Promise<Create>): Create {
  return (options) => {
    const { chat } = onFirstUse(load)(options);
    return { chat };
  };
}

function lazyProvider(load: () => Promise<Provider>): Required<Provider> {
  let loaded: Promise<Provider> | null = null;
  const provider = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    chat: async (request, call) => await (await provider()).chat(request, call),
    async embed(request, call) {
      const { embed } = await provider();
      if (embed === undefined) throw noVectors(request.provider);
      return await embed(request, call);
    },
  };
}

function noVectors(name: string): ChatError {
  return new ChatError('provider-failed', `${name} has no models that give vectors`, {
    hint: 'Name another provider for embeddings.',
    retryable: false,
  });
}
