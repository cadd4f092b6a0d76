// Models, profiles and recordings. Adding a line here is a decision: agents ask through `askStructured`, nothing else leaves this folder.
export type { StructuredAnswer, StructuredQuestion } from './ask-structured.ts';
export { askStructured } from './ask-structured.ts';
export type { TextAnswer, TextQuestion } from './ask-text.ts';
export { askText } from './ask-text.ts';
export type { BudgetDatabase } from './budget/lease-store.ts';
export { budgetMigrations } from './budget/lease-store.ts';
export type { PriceTable } from './budget/price-table.ts';
export { readPriceTable, shippedPrices } from './budget/price-table.ts';
export { mostClaimUsd, mostQuestionUsd, usualQuestionUsd } from './budget/question-cost.ts';
export { unpricedInWords, unpricedProfiles } from './budget/unpriced-profiles.ts';
export type { CacheSettings } from './cache/cache-settings.ts';
export { cacheMigrations } from './cache/database-store.ts';
export { redisUrl } from './cache/open-answer-store.ts';
export type {
  AnswerSchema,
  ChatCall,
  ChatCost,
  ChatMessage,
  ChatModel,
  ChatRequest,
  ChatResponse,
  EmbeddingRequest,
  EmbeddingResponse,
  FinishReason,
  Provider,
  ToolCall,
  ToolDefinition,
} from './chat.ts';
export { noChatCost } from './chat-cost.ts';
export { ChatError } from './chat-error.ts';
export { chosenModels } from './chosen-models.ts';
export type { CallCount } from './count-calls.ts';
export { countCalls } from './count-calls.ts';
export type { CachePorts, Gateway, GatewayOptions, Models, RecordingMode } from './create-gateway.ts';
export { createGateway } from './create-gateway.ts';
export type { ProfileDescription, ProviderDescription } from './describe-profiles.ts';
export { describeProfiles, describeProviders } from './describe-profiles.ts';
export { excerpt } from './excerpt.ts';
export type { JsonSchema } from './json-schema.ts';
export type { KeySource } from './key-source.ts';
export type {
  Environment,
  LlmSettings,
  ProfileSettings,
  ProviderKind,
  ProviderSettings,
} from './llm-settings.ts';
export type { Ping } from './ping-profiles.ts';
export { pingProfiles } from './ping-profiles.ts';
export type { Cut, SectionBudgets } from './prompt-file.ts';
export {
  checkBudgeted,
  loosePromptHeader,
  readPromptFile,
  wholePromptHeader,
  withinBudget,
} from './prompt-file.ts';
export { parseSchemaFile, readAnswerSchema } from './prompt-schema.ts';
export { providerEndpoint } from './provider-endpoint.ts';
export { checkKey, keyVariable, keyVariables } from './provider-key.ts';
export type { PluginOptions, ProviderPlugin } from './providers/plugin.ts';
export { guardProvider } from './providers/plugin.ts';
export { reachableProfiles } from './reachable-profiles.ts';
export { recordedCalls } from './recorded-calls.ts';
export type { RecordedOutcome, Recording } from './recording.ts';
export {
  countRecordings,
  insertRecordings,
  type MovedRecording,
  readRecordings,
  renameRecording,
} from './recording-rows.ts';
export { checkRecording } from './recording-rows-check.ts';
export type { RecordingDatabase } from './recording-store.ts';
export { recordingMigrations, recordingOf } from './recording-store.ts';
export { createRedact } from './redact.ts';
export { redactJson } from './redact-json.ts';
export type { ProfileResolution, UsableProfile } from './resolve-profile.ts';
export { resolveAlone, resolveProfile } from './resolve-profile.ts';
export { fitSection } from './section-budget.ts';
export type { StoredKeys } from './stored-keys.ts';
