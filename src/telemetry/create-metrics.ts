import type { CallObserver, CircuitState, EndedCall } from '../core/index.ts';
import { boundedLabel } from './bounded-label.ts';

/** Figures of all questions since it was made, for Prometheus. Pass it to `createOrrery` as one of its `observers`. */
export interface Metrics extends CallObserver {
  /** What Prometheus reads, see {@link contentType}. */
  exposition(): Promise<string>;
  /** Of {@link exposition}, for the HTTP header. */
  readonly contentType: string;
}

const labelNames = ['provider', 'model', 'agent'] as const;
/** From a local server's fifty milliseconds to a time limit of two minutes. */
const latencyBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const circuitValue: { readonly [State in CircuitState]: number } = { closed: 0, probing: 1, open: 2 };

/** Counters of one set of labels. The library looks its labels up at every step, which is too slow for every question. */
interface Series {
  readonly labels: { readonly [Name in (typeof labelNames)[number]]: string };
  readonly failures: Map<string, number>;
  calls: number;
  turnedAway: number;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  costUsd: number;
  cacheHits: number;
}

/**
 * Metrics in a registry of their own, `orrery_llm_…`; nothing global is touched. A label keeps its first `mostLabelValues` values
 * (100 unless given).
 */
export async function createMetrics({ mostLabelValues = 100 } = {}): Promise<Metrics> {
  // Late: who wants no metrics should not wait for the library.
  const { Counter, Gauge, Histogram, Registry } = (await import('prom-client')).default;
  const registry = new Registry();
  const registers = [registry];
  const { all, seriesOf, providerLabel } = createSeries(mostLabelValues);

  const counter = (name: string, help: string, read: (series: Series) => number) =>
    new Counter({
      ...{ name: `orrery_llm_${name}_total`, help, labelNames, registers },
      collect() {
        this.reset();
        for (const series of all()) this.inc(series.labels, read(series));
      },
    });
  counter('calls', 'Questions put to a model; repeated tries of one count once.', ({ calls }) => calls);
  counter(
    'turned_away',
    'Questions nobody was asked: the provider was left alone, or the budget was spent.',
    ({ turnedAway }) => turnedAway,
  );
  counter('input_tokens', 'Tokens of prompts, cached ones included.', ({ inputTokens }) => inputTokens);
  counter('output_tokens', 'Tokens of answers.', ({ outputTokens }) => outputTokens);
  counter(
    'cached_input_tokens',
    "Tokens of prompts read from the provider's cache.",
    ({ cachedTokens }) => cachedTokens,
  );
  counter('cost_usd', 'Dollars, by the prices of the profiles.', ({ costUsd }) => costUsd);
  counter('cache_hits', "Questions answered from Orrery's own cache.", ({ cacheHits }) => cacheHits);
  counter('cache_misses', 'Questions whose answer was not in the cache.', ({ calls }) => calls);
  new Counter({
    name: 'orrery_llm_failures_total',
    help: 'Questions that got no answer, or none that can be used, by the code of the error.',
    ...{ labelNames: [...labelNames, 'code'] as const, registers },
    collect() {
      this.reset();
      for (const { labels, failures } of all()) {
        for (const [code, times] of failures) this.inc({ ...labels, code }, times);
      }
    },
  });
  const latency = new Histogram({
    name: 'orrery_llm_latency_seconds',
    help: 'Time of a question to a model, over every try.',
    ...{ labelNames, registers, buckets: latencyBuckets },
  });
  const circuit = new Gauge({
    name: 'orrery_llm_circuit_state',
    help: 'Of a provider: 0 asked as ever, 1 one question is under way to see whether it is back, 2 left alone.',
    ...{ labelNames: ['provider'] as const, registers },
  });

  return {
    callBegun: (begun) => (end) => {
      const series = seriesOf(end.provider ?? begun.provider, end.model ?? begun.model, begun.agent);
      add(series, end);
      if (end.calls > 0) latency.observe(series.labels, end.latencyMs / 1_000);
    },
    circuitChanged: (provider, state) =>
      circuit.set({ provider: providerLabel(provider) }, circuitValue[state]),
    exposition: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function createSeries(mostLabelValues: number) {
  const [providerLabel, modelLabel, agentLabel] = labelNames.map(() => boundedLabel(mostLabelValues));
  const known = new Map<string, Series>();
  const seriesOf = (provider: string, model: string, agent: string): Series => {
    const labels = {
      provider: providerLabel!(provider),
      model: modelLabel!(model),
      agent: agentLabel!(agent),
    };
    const key = `${labels.provider}\n${labels.model}\n${labels.agent}`;
    const found = known.get(key) ?? { labels, failures: new Map(), ...nothing };
    known.set(key, found);
    return found;
  };
  return { all: () => known.values(), seriesOf, providerLabel: providerLabel! };
}

const nothing = {
  calls: 0,
  turnedAway: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  costUsd: 0,
  cacheHits: 0,
};

function add(series: Series, end: EndedCall): void {
  series.calls += end.calls;
  series.turnedAway += end.turnedAway;
  series.inputTokens += end.promptTokens;
  series.outputTokens += end.responseTokens;
  series.cachedTokens += end.cachedPromptTokens;
  series.costUsd += end.costUsd;
  series.cacheHits += end.cacheHits;
  if (end.failure !== null) series.failures.set(end.failure, (series.failures.get(end.failure) ?? 0) + 1);
}
