// What `orrery-desk/testing` offers: doubles of model providers for tests, and the test of a provider of one's own. Adding a line here is a decision.
export { answersFromPrompt, type PromptReaderOptions } from './answers-from-prompt.ts';
export {
  checkProvider,
  type ProviderCheck,
  type ProviderCheckOptions,
  type ProviderParts,
} from './check-provider.ts';
export { type EvidenceLine, evidenceLines } from './evidence-lines.ts';
export { fakeVector } from './fake-embeddings.ts';
export { type FakeProvider, type FakeProviderOptions, startFakeProvider } from './fake-provider.ts';
export type {
  FakeAnswer,
  FakeBrain,
  FakeError,
  FakeFault,
  FakeReply,
  FakeToolCall,
  FakeUsage,
} from './fake-reply.ts';
export {
  type FakeEmbeddingRequest,
  type FakeFormat,
  type FakeQuestion,
  type FakeRequest,
  promptOf,
} from './fake-request.ts';
export { fittingAnswer } from './fitting-answer.ts';
export { type ScheduledFault, withFaults } from './with-faults.ts';
