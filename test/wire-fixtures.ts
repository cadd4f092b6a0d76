import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..');
const folder = join(resolve(root, process.env['ORRERY_DATA'] ?? '../shared/data'), 'fixtures/llm');
const skipped = !existsSync(folder) && process.env['ORRERY_TEST_REQUIRE'] !== 'all';
if (skipped) console.warn(`skipped: no provider fixtures in ${folder} (set ORRERY_DATA)`);

/** Tests that read what providers really sent. */
export const describeOnFixtures = describe.skipIf(skipped);

export function fixture(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** The events of a recorded stream, each its JSON. */
export function eventsOf(file: string): readonly string[] {
  return fixture(file)
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** Events as a server sends them. */
export function eventStream(events: readonly string[]): string {
  return events.map((event) => `${typeLine(event)}data: ${event}\n\n`).join('');
}

function typeLine(event: string): string {
  const type = /^\{"type":"([\w.]+)"/.exec(event)?.[1];
  return type === undefined ? '' : `event: ${type}\n`;
}

/** Ruby's own spelling of YAML's `!!binary`: base64. */
const rubyBinary = {
  tag: '!binary',
  resolve: (text: string) => Buffer.from(text, 'base64').toString('utf8'),
};

export interface RecordedExchange {
  readonly request: { readonly uri: string; readonly body: string };
  readonly status: number;
  readonly body: string;
}

/** The exchanges of a VCR cassette. */
export function exchangesOf(name: string): readonly RecordedExchange[] {
  const cassette = parse(fixture(`vcr/${name}.yml`), { customTags: [rubyBinary] });
  return cassette.http_interactions.map((one: VcrInteraction) => ({
    request: { uri: one.request.uri, body: one.request.body.string },
    status: one.response.status.code,
    body: one.response.body.string,
  }));
}

interface VcrInteraction {
  readonly request: { readonly uri: string; readonly body: { readonly string: string } };
  readonly response: {
    readonly status: { readonly code: number };
    readonly body: { readonly string: string };
  };
}
