import { z } from 'zod';
import type { FakeEmbeddingRequest } from './fake-request.ts';
import { readBody } from './formats/content.ts';

const defaultDimensions = 64;

/**
 * A vector of length 1, the same for the same text on every machine. Texts that share words point in similar directions, so that a
 * search by similarity finds what it should.
 */
export function fakeVector(text: string, dimensions = defaultDimensions): readonly number[] {
  const vector = new Float64Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    const hash = hashOf(word);
    vector[hash % dimensions]! += hash & 0x1000000 ? 1 : -1;
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) vector[0] = 1;
  // As floats of 32 bits, which the base64 spelling has.
  return Array.from(vector, (value) => Math.fround(length === 0 ? value : value / length));
}

/** FNV-1a, 32 bits. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(word)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

type Question = Pick<FakeEmbeddingRequest, 'texts'> & { readonly reply: (promptTokens: number) => object };

const openAi = z.object({
  input: z.union([z.string(), z.array(z.string()).min(1)]),
  dimensions: z.int().min(1).optional(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
});

/** https://platform.openai.com/docs/api-reference/embeddings */
export function readOpenAiEmbedding(body: unknown, model: string): Question {
  const { input, dimensions, encoding_format } = readBody(openAi, body);
  const texts = [input].flat();
  const data = texts.map((text, index) => {
    const vector = fakeVector(text, dimensions);
    const embedding = encoding_format === 'float' ? vector : base64Of(vector);
    return { object: 'embedding', index, embedding };
  });
  return {
    texts,
    reply: (tokens) => ({
      object: 'list',
      data,
      model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    }),
  };
}

function base64Of(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

const googleContent = z.object({
  content: z.object({ parts: z.array(z.object({ text: z.string() })) }),
  outputDimensionality: z.int().min(1).optional(),
});
const googleBatch = z.object({ requests: z.array(googleContent).min(1) });

/** https://ai.google.dev/api/embeddings, one text or a batch */
export function readGoogleEmbedding(body: unknown, isBatch: boolean): Question {
  const requests = isBatch ? readBody(googleBatch, body).requests : [readBody(googleContent, body)];
  const texts = requests.map(({ content }) => content.parts.map(({ text }) => text).join(''));
  const vectors = texts.map((text, index) => ({
    values: fakeVector(text, requests[index]?.outputDimensionality),
  }));
  return { texts, reply: () => (isBatch ? { embeddings: vectors } : { embedding: vectors[0] }) };
}
