import type { AnswerSchema, ChatMessage, ChatRequest } from '../chat.ts';
import type { LlmSettings } from '../llm-settings.ts';
import { reachableProfiles } from '../reachable-profiles.ts';
import { mostAnswerTokens, mostPromptTokens } from '../token-bounds.ts';
import { costOf, free, mostCostOf } from './price.ts';

/** A question that was not put yet. */
export interface PlannedQuestion {
  readonly messages: readonly ChatMessage[];
  readonly schema: AnswerSchema;
}

/** Tokens of a usual answer, and the share of {@link mostPromptTokens} that prompts usually take. */
const usualAnswerTokens = 250;
const usualShare = 0.5;

/**
 * What a question through this profile may cost in dollars, repair turn included, whichever of its stand-ins answers it: each
 * would have to write the longest answer twice.
 */
export function mostQuestionUsd(
  settings: LlmSettings,
  profile: string,
  question: PlannedQuestion,
  repairWords: string,
): number {
  return Math.max(
    0,
    ...reachableProfiles(settings, [profile]).map((name) => {
      const first = requestOf(settings, name, question);
      // Two characters of ASCII are a token to `mostPromptTokens`.
      const answer = 'x'.repeat(2 * mostAnswerTokens(first));
      const turn = [
        { role: 'assistant', content: answer } as const,
        { role: 'user', content: repairWords } as const,
      ];
      const second = { ...first, messages: [...first.messages, ...turn] };
      const price = settings.profiles[name]?.usdPerMillion ?? free;
      return mostCostOf(price, first) + mostCostOf(price, second);
    }),
  );
}

/** What a budget holds back for it before it is put, without a repair turn. */
export function mostClaimUsd(settings: LlmSettings, profile: string, question: PlannedQuestion): number {
  const claims = reachableProfiles(settings, [profile]).map((name) =>
    mostCostOf(settings.profiles[name]?.usdPerMillion ?? free, requestOf(settings, name, question)),
  );
  return Math.max(0, ...claims);
}

/** What it usually costs: answered at once by the profile itself, nothing read from a cache. */
export function usualQuestionUsd(settings: LlmSettings, profile: string, question: PlannedQuestion): number {
  const request = requestOf(settings, profile, question);
  return costOf(settings.profiles[profile]?.usdPerMillion ?? free, {
    promptTokens: usualShare * mostPromptTokens(request),
    responseTokens: Math.min(usualAnswerTokens, mostAnswerTokens(request)),
    cachedPromptTokens: 0,
    cacheWriteTokens: 0,
  });
}

function requestOf({ profiles }: LlmSettings, name: string, question: PlannedQuestion): ChatRequest {
  const { provider = '', model = '', maxTokens = null } = profiles[name] ?? {};
  return { ...question, profile: name, provider, model, temperature: null, maxTokens };
}
