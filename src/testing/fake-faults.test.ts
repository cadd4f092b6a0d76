import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Decoded,
  eventsOf,
  formats,
  isEnded,
  put,
  streamedText,
  textIn,
  withSchema,
} from '../../test/wire-client.ts';
import {
  type FakeFormat,
  type FakeProvider,
  type FakeReply,
  startFakeProvider,
  withFaults,
} from './index.ts';

let server: FakeProvider;
beforeEach(async () => {
  server = await startFakeProvider(() => ({ kind: 'text', text: 'up' }));
});
afterEach(() => server.close());

function struck(
  format: FakeFormat,
  fault: FakeReply,
  stream: boolean,
  signal?: AbortSignal,
): Promise<Response> {
  server.answerWith(() => fault);
  return put(server, format, { stream, ...(signal === undefined ? {} : { signal }) });
}

const both = formats.flatMap((format) => [false, true].map((stream) => [format, stream] as const));

describe.each(both)('in the format %s, streaming: %s', (format, stream) => {
  const errors: readonly [FakeReply, Record<FakeFormat, readonly [number, string]>][] = [
    [
      { kind: 'rate-limit', retryAfterSeconds: 7 },
      {
        'openai-chat': [429, 'rate_limit_exceeded'],
        'openai-responses': [429, 'rate_limit_exceeded'],
        anthropic: [429, 'rate_limit_error'],
        google: [429, 'RESOURCE_EXHAUSTED'],
      },
    ],
    [
      { kind: 'overloaded' },
      {
        'openai-chat': [503, 'server_error'],
        'openai-responses': [503, 'server_error'],
        anthropic: [529, 'overloaded_error'],
        google: [503, 'UNAVAILABLE'],
      },
    ],
    [
      { kind: 'server-error' },
      {
        'openai-chat': [500, 'server_error'],
        'openai-responses': [500, 'server_error'],
        anthropic: [500, 'api_error'],
        google: [500, 'INTERNAL'],
      },
    ],
    [
      { kind: 'unauthorized' },
      {
        'openai-chat': [401, 'invalid_api_key'],
        'openai-responses': [401, 'invalid_api_key'],
        anthropic: [401, 'authentication_error'],
        google: [400, 'API_KEY_INVALID'],
      },
    ],
    [
      { kind: 'context-too-long' },
      {
        'openai-chat': [400, 'context_length_exceeded'],
        'openai-responses': [400, 'context_length_exceeded'],
        anthropic: [400, 'prompt is too long'],
        google: [400, 'exceeds the maximum number of tokens'],
      },
    ],
  ];
  test.each(errors)('%o is said as the vendor says it', async (fault, said) => {
    const response = await struck(format, fault, stream);
    const [status, words] = said[format];
    const body = (await response.json()) as Decoded;
    expect(response.status).toBe(status);
    expect(JSON.stringify(body)).toContain(words);
    expect(typeof body.error.message).toBe('string');
    expect(body.type).toBe(format === 'anthropic' ? 'error' : undefined);
    if (fault.kind !== 'rate-limit') return;
    if (format === 'google') expect(body.error.details[0].retryDelay).toBe('7s');
    else expect(response.headers.get('retry-after')).toBe('7');
  });

  test('JSON that stops half way comes in a response that ends in good order', async () => {
    const response = await struck(format, { kind: 'truncated-json' }, stream);
    expect(response.status).toBe(200);
    await expect(stream ? eventsOf(response) : response.json()).rejects.toThrow(SyntaxError);
  });

  test('half a stream ends in good order and does not say that it is at its end', async () => {
    const response = await struck(format, { kind: 'truncated-stream' }, stream);
    if (!stream) return await expect(response.json()).rejects.toThrow(SyntaxError);
    const events = await eventsOf(response);
    expect(streamedText(format, events)).toMatch(/^Nothing unus/);
    expect(isEnded(format, events)).toBe(false);
  });

  test('an overload half way is said in the stream', async () => {
    const response = await struck(format, { kind: 'error-midway' }, stream);
    if (!stream) return expect(response.status).toBe(format === 'anthropic' ? 529 : 503);
    const events = await eventsOf(response);
    expect(streamedText(format, events)).not.toBe('');
    expect(JSON.stringify(events.at(-1))).toMatch(/overloaded/i);
    expect(isEnded(format, events)).toBe(false);
  });

  test('half a response, then the connection closes', async () => {
    const response = await struck(format, { kind: 'broken-off' }, stream);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('half a response, then nothing', async () => {
    const controller = new AbortController();
    const response = await struck(format, { kind: 'stall-midway' }, stream, controller.signal);
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    expect(value?.length).toBeGreaterThan(20);
    const silence = reader.read();
    controller.abort();
    await expect(silence).rejects.toThrow(/abort/);
  });

  test('no answer until the caller gives up', async () => {
    const controller = new AbortController();
    const call = struck(format, { kind: 'stall' }, stream, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(call).rejects.toThrow(/abort/);
  });

  test('a connection that closes without a word', async () => {
    await expect(struck(format, { kind: 'reset' }, stream)).rejects.toThrow('fetch failed');
  });

  test('a slow first byte, then what there was to say', async () => {
    const reply = { kind: 'text', text: 'late' } as const;
    const response = await struck(format, { kind: 'slow', milliseconds: 20, reply }, stream);
    const text = stream
      ? streamedText(format, await eventsOf(response))
      : textIn(format, (await response.json()) as Decoded);
    expect(text).toBe('late');
  });

  test('a slow one is given up by who does not wait', async () => {
    const controller = new AbortController();
    const call = struck(format, { kind: 'slow', milliseconds: 600_000 }, stream, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(call).rejects.toThrow(/abort/);
  });

  test('an answer that no schema asked for', async () => {
    server.answerWith(() => ({ kind: 'wrong-schema' }));
    const response = await put(server, format, { stream, more: withSchema[format] });
    const text = stream
      ? streamedText(format, await eventsOf(response))
      : textIn(format, (await response.json()) as Decoded);
    expect(JSON.parse(text ?? '')).toEqual({ unexpected: true });
  });

  test('a body that is not what its headers say', async () => {
    const response = await struck(format, { kind: 'mislabelled' }, stream);
    expect(response.headers.get('content-encoding')).toBe('gzip');
  });

  test('a response of your own', async () => {
    const headers = { 'content-type': 'text/html' };
    const response = await struck(format, { kind: 'http', status: 307, headers, body: '<html>' }, stream);
    expect([response.status, await response.text()]).toEqual([307, '<html>']);
  });
});

describe('a schedule of faults', () => {
  const statuses = async (count: number, format: FakeFormat = 'openai-chat') => {
    const seen: number[] = [];
    for (let call = 1; call <= count; call++) {
      const response = await put(server, format);
      await response.text();
      seen.push(response.status);
    }
    return seen;
  };

  test('strikes on the calls it names, the first in the list before the others', async () => {
    const schedule = [
      { fault: { kind: 'rate-limit' }, from: 2, to: 3 },
      { fault: { kind: 'server-error' }, from: 3, every: 3 },
    ] as const;
    server.answerWith(withFaults(schedule, () => ({ kind: 'text', text: 'up' })));
    expect(await statuses(9)).toEqual([200, 429, 429, 200, 200, 500, 200, 200, 500]);
  });

  test('may be for one format only', async () => {
    const schedule = [{ fault: { kind: 'overloaded' }, format: 'anthropic' }] as const;
    server.answerWith(withFaults(schedule, () => ({ kind: 'text', text: 'up' })));
    expect(await statuses(2)).toEqual([200, 200]);
    expect(await statuses(1, 'anthropic')).toEqual([529]);
  });
});
