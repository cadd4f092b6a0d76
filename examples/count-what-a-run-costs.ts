// A desk whose models are a fake provider, and what Prometheus would read of it: npx tsx examples/count-what-a-run-costs.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, createOrrery, runRequest } from 'orrery-desk';
import { answersFromPrompt, startFakeProvider } from 'orrery-desk/testing';

const home = mkdtempSync(join(tmpdir(), 'orrery-example-'));
const provider = await startFakeProvider(answersFromPrompt(), {
  usage: { promptTokens: 900, responseTokens: 100 },
});
const metrics = await createMetrics();

const orrery = createOrrery({
  environment: { ...process.env, ORRERY_HOME: home },
  overrides: [
    `llm.providers.fake={ kind: openai-compatible, baseUrl: "${provider.baseUrl}" }`,
    'llm.profiles.analyst={ provider: fake, model: fake-model, usdPerMillion: { input: 3, output: 15 } }',
  ],
  observers: [metrics],
});

try {
  const [from, to] = [Date.UTC(2024, 1, 9), Date.UTC(2024, 1, 9, 8)];
  const ending = await orrery.run(runRequest({ desk: 'solar', from, to }), {
    stop: AbortSignal.timeout(60_000),
  });
  if (ending.kind !== 'done') throw new Error(`the run is ${ending.kind}`);
  const { calls, costUsd } = ending.document.llm;
  console.log(`${ending.document.bars} bars, ${calls} questions, $${costUsd.toFixed(2)}`);
  console.log(
    (await metrics.exposition())
      .split('\n')
      .filter((line) => line.startsWith('orrery_llm_cost'))
      .join('\n'),
  );
} finally {
  await provider.close();
  rmSync(home, { recursive: true });
}
