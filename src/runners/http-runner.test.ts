import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, openAgentFolder, turnOf } from '../../test/agent-at-work.ts';
import { createHttpRunner } from './index.ts';

type Heard = { method: string; path: string; headers: IncomingMessage['headers']; body: string };
type Reply = (response: ServerResponse, heard: Heard) => void;

let reply: Reply = (response) => response.end();
let heard: Heard | null = null;
let closed = 0;
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    body += piece;
  });
  response.on('close', () => closed++);
  request.on('end', () => {
    heard = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    reply(response, heard);
  });
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const place = openAgentFolder();
afterAll(() => place.remove());
const environment = { TOKEN: 'tok-123456-secret', EMPTY: ' ', BROKEN: 'a\nb' };
const runner = createHttpRunner({ environment });
const service = (more: object = {}) => place.prepare(runner, { url: `${url}/hook?key=of-the-url`, ...more });

const sends =
  (body: string | Buffer, type = 'application/json', status = 200, headers: object = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };

describe('a service', () => {
  test('is sent the turn as JSON and answers with JSON', async () => {
    reply = sends('{"score": 0.5}', 'application/problem+json; charset=utf-8');
    expect(await service().answer(turnOf({ title: 'ä' }))).toEqual({ output: { score: 0.5 } });
    expect(heard).toMatchObject({
      ...{ method: 'POST', path: '/hook?key=of-the-url' },
      headers: { 'content-type': 'application/json', 'user-agent': 'orrery' },
    });
    expect(JSON.parse(heard?.body ?? '')).toEqual({ input: { title: 'ä' }, agents: {} });
  });

  test('is sent its own headers, from the environment too, and with GET no body', async () => {
    reply = sends('fine\n', 'text/plain');
    const headers = {
      Authorization: { env: 'TOKEN', prefix: 'Bearer ' },
      'X-Team': 'desk',
      Accept: 'text/plain',
    };
    expect(await service({ method: 'GET', headers }).answer(turnOf())).toEqual({ output: 'fine' });
    expect(heard).toMatchObject({
      ...{ method: 'GET', body: '' },
      headers: { authorization: 'Bearer tok-123456-secret', 'x-team': 'desk', accept: 'text/plain' },
    });
  });

  test('without a type of content answers with a text', async () => {
    reply = (response) => response.end('{"a": 1}');
    expect(await service({ method: 'PUT' }).answer(turnOf())).toEqual({ output: '{"a": 1}' });
    expect(heard?.method).toBe('PUT');
  });

  test('that gives a secret back gives none', async () => {
    const headers = { authorization: { env: 'TOKEN', prefix: 'Bearer ' } };
    reply = sends('{"you sent": "tok-123456-secret"}');
    expect(await service({ headers }).answer(turnOf())).toEqual({ output: { 'you sent': '[redacted]' } });
    reply = sends('no such key: Bearer tok-123456-secret, or tok-123456-secret', 'text/plain', 401);
    const failure = await failureOf(service({ headers }));
    expect(failure.message).toMatch(
      /^127\.0\.0\.1:\d+ answered 401: no such key: \[redacted\], or \[redacted\]$/,
    );
  });
});

describe('what is wrong with a service is named', () => {
  test('a status, and whether another try may help', async () => {
    for (const [status, retryable] of [
      [400, false],
      [401, false],
      [404, false],
      [408, true],
      [425, true],
      [429, true],
      [500, true],
      [503, true],
    ] as const) {
      reply = sends('x'.repeat(5_000), 'text/plain', status);
      const failure = await failureOf(service());
      expect(failure).toMatchObject({ code: 'agent-failed', retryable });
      expect(failure.message).toMatch(new RegExp(`answered ${status}: x{200}…$`));
      expect(failure.message).not.toContain('of-the-url');
    }
  });

  test('a redirect, wherever it leads', async () => {
    reply = sends('', 'text/plain', 302, { location: 'https://elsewhere.example/path?x' });
    expect((await failureOf(service())).message).toMatch(
      /answered 302 and leads elsewhere to elsewhere\.example$/,
    );
    reply = sends('', 'text/plain', 307, { location: '/' });
    expect((await failureOf(service())).message).toMatch(/answered 307 and leads elsewhere$/);
  });

  test('nothing, no JSON, no UTF-8, JSON without end', async () => {
    const expectFailure = async (message: RegExp) =>
      expect(await failureOf(service())).toMatchObject({ message: expect.stringMatching(message) });
    reply = (response) => response.writeHead(204).end();
    await expectFailure(/answered nothing$/);
    reply = sends('<html>');
    await expectFailure(/answered what is no single JSON document \(6 bytes\): <html>$/);
    reply = sends(Buffer.from([0xff]), 'text/plain');
    await expectFailure(/answered what is no UTF-8$/);
    reply = sends(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    await expectFailure(/it holds more than 200 levels/);
  });

  test('an answer that is too long, also one that was packed small', async () => {
    const endless: Reply = (response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.writeHead(200).on('drain', more);
      more();
    };
    for (const flood of [
      endless,
      sends(gzipSync(Buffer.alloc(5_000_000)), 'text/plain', 200, { 'content-encoding': 'gzip' }),
    ]) {
      reply = flood;
      const failure = await failureOf(service({ maxResponseBytes: 100_000 }));
      expect(failure).toMatchObject({ retryable: false });
      expect(failure.message).toMatch(/answered with more than 100000 bytes$/);
    }
  });

  test('nobody there, and a connection that breaks off', async () => {
    const nobody = await failureOf(service({ url: 'http://127.0.0.1:1/' }));
    expect(nobody).toMatchObject({ code: 'agent-failed', retryable: true });
    reply = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('begun');
      setTimeout(() => response.destroy(), 10);
    };
    const broken = await failureOf(service());
    expect(broken).toMatchObject({ retryable: true, message: expect.stringMatching(/cannot be reached: /) });
  });

  test('a variable that is not set, so that rules can stand in', async () => {
    for (const env of ['UNSET', 'EMPTY', 'BROKEN']) {
      const work = service({ headers: { authorization: { env } } });
      expect(work.unusable).toContain(`$${env}`);
      expect(await failureOf(work)).toMatchObject({
        code: 'agent-failed',
        retryable: false,
        message: work.unusable,
      });
      expect(work.unusable).not.toContain('\n');
    }
  });
});

test('a request ends when its time is up, before and while it answers', async () => {
  for (const hangs of [() => {}, (response: ServerResponse) => response.writeHead(200).write('begun')]) {
    reply = hangs;
    heard = null;
    const stop = new AbortController();
    const before = closed;
    const answer = service().answer(turnOf('', { signal: stop.signal })) as Promise<unknown>;
    while (heard === null) await wait(2);
    await wait(5);
    const startedMs = performance.now();
    stop.abort(new RangeError('enough'));
    await expect(answer).rejects.toThrow('enough');
    expect(performance.now() - startedMs).toBeLessThan(500);
    for (let tries = 0; tries < 200 && closed === before; tries++) await wait(5);
    expect(closed).toBe(before + 1);
  }
  const signal = AbortSignal.abort(new RangeError('before'));
  await expect(service().answer(turnOf('', { signal }))).rejects.toThrow('before');
});

test('what an answer depends on are its settings and the values of its headers, which are not shown', () => {
  const headers = { authorization: { env: 'TOKEN' } };
  const content = service({ headers }).content?.();
  expect(content).not.toContain(environment.TOKEN);
  expect(service({ headers }).content?.()).toBe(content);
  expect(service({ headers, method: 'PUT' }).content?.()).not.toBe(content);
  const other = createHttpRunner({ environment: { TOKEN: 'another' } });
  expect(place.prepare(other, { url: `${url}/hook?key=of-the-url`, headers }).content?.()).not.toBe(content);
});

test('addresses and headers that are unsafe are refused', () => {
  const accepts = (more: object) => runner.settings.safeParse({ url: 'https://a.example', ...more }).success;
  for (const good of [
    'https://a.example/x?y',
    'http://localhost:1',
    'http://127.0.0.1',
    'http://[::1]:80/',
  ]) {
    expect(accepts({ url: good }), good).toBe(true);
  }
  for (const bad of [
    'http://a.example',
    'http://127.0.0.1.a.example',
    'http://localhost.a.example',
    'https://me:word@a.example',
    'https://me@a.example',
    'file:///etc/passwd',
    'ftp://a.example',
    'a.example',
    '',
  ]) {
    expect(accepts({ url: bad }), bad).toBe(false);
  }
  expect(accepts({ headers: { 'x-a': 'b' } })).toBe(true);
  for (const headers of [
    { 'x a': 'b' },
    { 'x-a': 'b\r\nc: d' },
    { host: 'a' },
    { 'Content-Length': '1' },
    { a: '' },
  ]) {
    expect(accepts({ headers }), JSON.stringify(headers)).toBe(false);
  }
  expect(accepts({ method: 'DELETE' })).toBe(false);
});
