import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { z } from 'zod';
import type { Provider } from '../chat.ts';
import { createAiSdkProvider } from './ai-sdk-provider.ts';
import { parseJson } from './parse-json.ts';
import type { ProviderOptions } from './provider-options.ts';

/** Google's Gemini API. */
export function createGoogleProvider(options: ProviderOptions): Provider {
  return createAiSdkProvider(options, {
    languageModel: (settings, model) => createGoogleGenerativeAI(settings).languageModel(model),
    embeddingModel: (settings, model) => createGoogleGenerativeAI(settings).embedding(model),
    patienceInBody: retryDelayMs,
    answeredBy: (body) => /"modelVersion"\s*:\s*"([^"]+)"/.exec(body)?.[1] ?? null,
  });
}

const refusalShape = z.object({
  error: z.object({ details: z.array(z.looseObject({ retryDelay: z.string().nullish() })) }),
});

/** `RetryInfo` among the details of an error, e.g. `34.4s`. */
function retryDelayMs(body: string): number | null {
  const details = refusalShape.safeParse(parseJson(body)).data?.error.details ?? [];
  const delay = details.find(({ retryDelay }) => typeof retryDelay === 'string')?.retryDelay ?? '';
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1000);
}
