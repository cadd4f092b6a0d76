// A provider for the command line that costs nothing, until Ctrl-C: npx tsx examples/keep-a-fake-provider-running.ts [PORT]
import { answersFromPrompt, startFakeProvider, withFaults } from 'orrery-desk/testing';

// With a port of its own it has the same address whenever it is started.
const port = Number(process.argv[2] ?? 4010);
// Every twentieth question finds it overloaded.
const brain = withFaults([{ fault: { kind: 'overloaded' }, from: 20, every: 20 }], answersFromPrompt());
const provider = await startFakeProvider(brain, { port });

process.once('SIGINT', () => provider.close());
console.log(`llm:
  providers:
    fake: { kind: openai-compatible, baseUrl: "${provider.baseUrl}" }
  profiles:
    analyst: { provider: fake, model: fake-model, usdPerMillion: { input: 0, output: 0 } }`);
