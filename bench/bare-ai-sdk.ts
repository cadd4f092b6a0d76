import { createRequire } from 'node:module';

const require = createRequire(new URL('package.json', import.meta.url));

/** One question through the AI SDK as its users put it, no retries: @returns what is to be timed. */
export function bareAiSdk(baseUrl: string, question: string): () => Promise<unknown> {
  const { createOpenAI } = require('@ai-sdk/openai') as {
    readonly createOpenAI: (options: object) => { readonly responses: (model: string) => object };
  };
  const { generateText } = require('ai') as { readonly generateText: (options: object) => Promise<unknown> };
  const model = createOpenAI({ baseURL: baseUrl, apiKey: 'none' }).responses('any');
  return () => generateText({ model, prompt: question, maxRetries: 0 });
}
