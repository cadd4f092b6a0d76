import { afterAll } from 'vitest';
import { type FakeBrain, type FakeProvider, startFakeProvider } from '../../src/testing/index.ts';
import { candleCsv, walkingCandles } from './candle-csv.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** 250 bars; ema-200 has warmed up when the last 30 are decided on. */
export const candles = walkingCandles({ seed: 5, bars: 250 });
export const decidedBars = 30;
export const firstDecided = candles[250 - decidedBars]!.time;

const servers: FakeProvider[] = [];

afterAll(async () => {
  for (const server of servers) await server.close();
});

/** Claims 100 tokens in and 20 out for each answer; closed after the tests of the file. */
export async function openServer(brain: FakeBrain): Promise<FakeProvider> {
  const server = await startFakeProvider(brain, {
    usage: { promptTokens: 100, responseTokens: 20 },
  });
  servers.push(server);
  return server;
}

/** An address where nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = await startFakeProvider(() => ({ kind: 'reset' }));
  await server.close();
  return server.baseUrl;
}

export interface ModelSetup {
  /** Addresses by the provider's name. */
  readonly providers: { readonly [name: string]: string };
  /** Providers by profile; `analyst` stands for those not given. */
  readonly profiles?: { readonly [profile: string]: string };
  /** Tries after the first; none unless given, so that one request is one call. */
  readonly retries?: number;
  /** The variable that holds every provider's key; none unless given. */
  readonly apiKeyEnv?: string;
  /** Under `llm.budget`; answers are then bounded at 100 tokens. */
  readonly budget?: { readonly [limit: string]: number };
  /** Under `llm.cache`; none unless given. */
  readonly cache?: { readonly store: string };
}

/** A place whose `orrery.yaml` leads agents to models, priced at $3 and $15 a million tokens. */
export function openModelPlace(
  { providers, profiles, retries = 0, apiKeyEnv, budget, cache }: ModelSetup,
  environment: { readonly [name: string]: string } = {},
): Workplace {
  const place = openWorkplace(environment);
  const named = profiles ?? { analyst: Object.keys(providers)[0] };
  const llm = {
    providers: mapValues(providers, (baseUrl) => ({
      kind: 'openai-compatible',
      baseUrl,
      timeoutMs: 20_000,
      retries,
      apiKeyEnv,
    })),
    profiles: mapValues(named, (provider) => ({
      provider,
      model: 'scripted',
      usdPerMillion: { input: 3, output: 15 },
      ...(budget === undefined ? {} : { maxTokens: 100 }),
    })),
    budget,
    cache,
  };
  // JSON is YAML.
  place.write('orrery.yaml', JSON.stringify({ llm }));
  return place;
}

/** The words of a run over {@link candles}, or over others in their place. */
export function runWords(place: Workplace, id: string, rows = candles): readonly string[] {
  const data = place.write('ABC_1h.csv', candleCsv(rows));
  return ['run', 'solar', '--data', data, '--from', firstDecided, '--id', id];
}

function mapValues<Value, Result>(
  record: { readonly [name: string]: Value },
  change: (value: Value) => Result,
): { readonly [name: string]: Result } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
