import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeProvider, fakeVector, startFakeProvider } from './index.ts';

let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'stall' }), {
    embeddingError: (_, call) => (call === 3 ? { kind: 'rate-limit', retryAfterSeconds: 2 } : null),
  });
});
afterEach(() => server.close());

const embed = (body: object) =>
  fetch(`${server.baseUrl}/embeddings`, { method: 'POST', body: JSON.stringify({ model: 'e-1', ...body }) });

function cosine(one: string, other: string): number {
  const [a, b] = [fakeVector(one), fakeVector(other)];
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

test('a vector has length 1 and is near those of texts that share words', () => {
  expect(cosine('Prices rise today', 'today PRICES rise')).toBeCloseTo(1, 6);
  expect(cosine('prices rise today', 'prices rise tomorrow')).toBeGreaterThan(0.5);
  expect(Math.abs(cosine('prices rise today', 'a whale sings'))).toBeLessThan(0.5);
  for (const text of ['', '…', '📈']) expect(cosine(text, text)).toBeCloseTo(1, 6);
});

test('comes in the length, the spelling and the order that were asked for', async () => {
  const input = ['prices rise', 'prices fall'];
  const plain = (await (await embed({ input, dimensions: 8 })).json()) as { data: { embedding: number[] }[] };
  expect(plain.data.map(({ embedding }) => embedding)).toEqual(input.map((text) => fakeVector(text, 8)));
  const packed = (await (await embed({ input: input[1], encoding_format: 'base64' })).json()) as {
    data: { embedding: string }[];
  };
  const bytes = new Uint8Array(Buffer.from(packed.data[0]!.embedding, 'base64'));
  expect([...new Float32Array(bytes.buffer)]).toEqual(fakeVector('prices fall'));
  const limited = await embed({ input });
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
});
