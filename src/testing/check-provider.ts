import { createRedact, guardProvider, type PluginOptions, type Provider } from '../llm/index.ts';
import { startFakeProvider } from './fake-provider.ts';
import type { FakeFormat } from './fake-request.ts';
import type { ProviderCase } from './provider-case.ts';
import { providerCases } from './provider-cases.ts';

/** What a plug-in is made from; here nothing of it is missing. */
export interface ProviderParts extends PluginOptions {
  /** With the version at its end: `…/v1`, in Google's format `…/v1beta`. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface ProviderCheckOptions {
  /** The wire format the provider speaks; `openai-chat` when left out. */
  readonly format?: FakeFormat;
  /** How long one case may take before it counts as never settling. In milliseconds, 5,000 when left out. */
  readonly caseTimeoutMs?: number;
}

export interface ProviderCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What does not hold; empty when it does. */
  readonly detail: string;
}

/**
 * Holds a provider, such as what a plug-in's file exports, against all that Orrery relies on: answers, tools, streams, usage, failures and
 * whether to try them again, aborts, secrecy. Each case makes one of its own, for a fake server of its own on loopback. It needs no test
 * framework and never throws.
 */
export async function checkProvider(
  create: (parts: ProviderParts) => unknown,
  { format = 'openai-chat', caseTimeoutMs = 5_000 }: ProviderCheckOptions = {},
): Promise<readonly ProviderCheck[]> {
  const checks: ProviderCheck[] = [];
  for (const one of providerCases) checks.push(await checkCase(one, create, format, caseTimeoutMs));
  return checks;
}

const apiKey = 'key/of-the-check-4711';
const redact = createRedact(
  { providers: { checked: { kind: 'plugin', apiKeyEnv: 'KEY' } }, profiles: {} },
  { KEY: apiKey },
);

async function checkCase(
  { name, run }: ProviderCase,
  create: (parts: ProviderParts) => unknown,
  format: FakeFormat,
  caseTimeoutMs: number,
): Promise<ProviderCheck> {
  const server = await startFakeProvider(() => ({ kind: 'server-error' }));
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const baseUrl = format === 'google' ? server.googleBaseUrl : server.baseUrl;
    const parts = { name: 'checked', baseUrl, apiKey, redact, fetch };
    const bare = (await create(parts)) as Provider;
    if (typeof bare?.chat !== 'function') throw new Error('what was made has no function chat');
    const provider = guardProvider(parts, bare);
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`it did not settle within ${caseTimeoutMs} ms`)),
        caseTimeoutMs,
      );
    });
    await Promise.race([run({ server, provider, bare, apiKey, signal: controller.signal }), late]);
    return { name, ok: true, detail: '' };
  } catch (thrown) {
    return { name, ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown) };
  } finally {
    clearTimeout(timer);
    controller.abort();
    await server.close();
  }
}
