import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { OrreryError } from '../core/index.ts';
import { type ReportServer, startReportServer } from './report-server.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function serve(render: () => string = () => '<p>hello</p>'): Promise<ReportServer> {
  const server = await startReportServer({ port: await freePort(), render });
  open.push(server);
  return server;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: { readonly [name: string]: unknown };
}

function ask(url: string, options: { method?: string; host?: string; path?: string } = {}): Promise<Answer> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const headers = options.host === undefined ? {} : { host: options.host };
    const { method = 'GET', path = '/' } = options;
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers, agent: new Agent({ keepAlive: true }) },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe('report server', () => {
  test('serves the page of the moment, never cached, never framed', async () => {
    let page = 1;
    const { url } = await serve(() => `<p>page ${page++}</p>`);
    expect((await ask(url)).body).toBe('<p>page 1</p>');
    const second = await ask(url);
    expect(second.body).toBe('<p>page 2</p>');
    expect(second.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  test('answers HEAD without a body and refuses everything that could change something', async () => {
    const { url } = await serve();
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(await ask(url, { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });

  test('refuses a name that is not this machine, whatever it resolves to', async () => {
    const { url } = await serve();
    const { port } = new URL(url);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1:1']) {
      expect((await ask(url, { host })).status).toBe(403);
    }
    expect((await ask(url, { host: `LOCALHOST:${port}` })).status).toBe(200);
  });

  test('knows no other page', async () => {
    const { url } = await serve();
    expect((await ask(url, { path: '/../etc/passwd' })).status).toBe(404);
    expect((await ask(url, { path: '/?again' })).status).toBe(200);
  });

  test('survives a page that cannot be drawn', async () => {
    const { url } = await serve(() => {
      throw new Error('secret detail');
    });
    const answer = await ask(url);
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
  });

  test('a taken port that was asked for is an error with a hint', async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    const error = await startReportServer({ port, render: () => '' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OrreryError);
    expect(error).toMatchObject({ code: 'port-taken', message: `port ${port} is already in use` });
  });

  test('without a wish it finds a port even when the usual one is taken', async () => {
    const first = await startReportServer({ port: null, render: () => '1' });
    const second = await startReportServer({ port: null, render: () => '2' });
    open.push(first, second);
    expect(second.url).not.toBe(first.url);
    expect((await ask(second.url)).body).toBe('2');
  });

  test('close frees the port although a browser keeps its connection', async () => {
    const server = await startReportServer({ port: await freePort(), render: () => 'x' });
    await ask(server.url);
    await server.close();
    const again = await startReportServer({ port: Number(new URL(server.url).port), render: () => 'y' });
    open.push(again);
    expect((await ask(again.url)).body).toBe('y');
  });
});
