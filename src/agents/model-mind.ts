import type { CallCost, Notices } from '../core/index.ts';
import {
  askStructured,
  type ChatCost,
  ChatError,
  excerpt,
  type Models,
  type UsableProfile,
} from '../llm/index.ts';
import { createCutNotices } from './cut-notices.ts';
import type { Mind, Question, Reply } from './mind.ts';
import { createOutageAlerts } from './outage-alerts.ts';
import { type Prompt, renderPrompt } from './prompt.ts';

/** What the models of a run took so far; plain data, as it goes into checkpoints. */
export interface ModelUsage {
  readonly calls: number;
  /** Questions nobody was asked. */
  readonly turnedAway: number;
  readonly cacheHits: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** What replayed answers had cost when they were made. */
  readonly recordedCostUsd: number;
}

export const noUsage: ModelUsage = {
  calls: 0,
  turnedAway: 0,
  cacheHits: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  recordedCostUsd: 0,
};

export interface ModelMindOptions {
  readonly gateway: Models;
  /** Every profile of the desk, resolved when the run began; null where nothing is configured. */
  readonly profiles: { readonly [name: string]: UsableProfile | null };
  /** Words of the repair turn. */
  readonly repair: Prompt;
  readonly notices: Notices;
  readonly usage: ModelUsage;
  /** Gives up the question under way, and each one after: they reject with `interrupted`, and leave neither recording, alert nor bill. */
  readonly stop: AbortSignal;
}

/** A mind that also counts. */
export interface ModelMind extends Mind {
  usage(): ModelUsage;
}

export function createModelMind(options: ModelMindOptions): ModelMind {
  const { profiles } = options;
  const noteEnd = createOutageAlerts(options.notices);
  const noteCuts = createCutNotices(options.notices);
  let total = options.usage;
  return {
    route: (profile) => routeOf(profiles[profile] ?? null),
    usage: () => total,
    async ask(question) {
      const profile = profiles[question.profile];
      const route = routeOf(profile ?? null);
      if (profile == null || route === null)
        throw new RangeError(`profile ${question.profile} leads nowhere`);
      noteCuts(question);
      const asked = await askOnce(options, profile, question);
      total = addUsage(total, asked.spent);
      noteEnd({ route, provider: profile.provider, role: question.role }, asked.failure);
      return asked.reply;
    },
  };
}

function routeOf(profile: UsableProfile | null): string | null {
  return profile === null ? null : `${profile.provider}/${profile.model}`;
}

interface Asked {
  readonly reply: Reply;
  readonly spent: ChatCost;
  readonly failure: ChatError | null;
}

async function askOnce(
  { gateway, repair, stop }: ModelMindOptions,
  profile: UsableProfile,
  question: Question,
): Promise<Asked> {
  try {
    const answer = await askStructured({
      model: gateway.within(question.scope),
      profile,
      messages: [
        { role: 'system', content: question.system },
        { role: 'user', content: question.user },
      ],
      schema: { name: question.role, schema: question.schema },
      repairMessage: (problems) => renderPrompt(repair, { problems }).text,
      signal: stop,
    });
    const { value, spent, responses } = answer;
    const source = responses.at(-1)?.cacheHits === 1 ? 'cache' : 'llm';
    return { reply: { kind: 'answered', value, source, cost: callCost(spent) }, spent, failure: null };
  } catch (thrown) {
    // Only a provider's failure is data for the agent; a missing or altered recording must end the run.
    if (!(thrown instanceof ChatError)) throw thrown;
    const { spent, code } = thrown;
    const model = spent.provider === null ? routeOf(profile)! : `${spent.provider}/${spent.model}`;
    const failure = { model, code, message: excerpt(thrown.message, 400) };
    return {
      reply: { kind: 'failed', error: thrown, failure, cost: callCost(spent) },
      ...{ spent, failure: thrown },
    };
  }
}

function callCost({
  provider,
  model,
  promptTokens,
  responseTokens,
  latencyMs,
  costUsd,
  recording,
}: ChatCost): CallCost {
  return { provider, model, promptTokens, responseTokens, latencyMs, costUsd, recording };
}

function addUsage(total: ModelUsage, spent: ChatCost): ModelUsage {
  return {
    calls: total.calls + spent.calls,
    turnedAway: total.turnedAway + spent.turnedAway,
    cacheHits: total.cacheHits + spent.cacheHits,
    inputTokens: total.inputTokens + spent.promptTokens,
    outputTokens: total.outputTokens + spent.responseTokens,
    costUsd: total.costUsd + spent.costUsd,
    recordedCostUsd: total.recordedCostUsd + spent.recordedCostUsd,
  };
}
