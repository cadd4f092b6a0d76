import { z } from 'zod';
import { OrreryError } from '../../core/index.ts';
import { runOwnFile } from '../../own-code.ts';
import type { ChatCall, Provider } from '../chat.ts';
import { ChatError } from '../chat-error.ts';
import { excerpt } from '../excerpt.ts';
import type { Redact } from '../redact.ts';
import { redactPieces } from '../redact-pieces.ts';
import { chatAnswer } from './chat-answer.ts';
import { brokenAnswer, fieldOf, rawOf } from './provider-failure.ts';
import { vectorsOf } from './vectors.ts';

/** What a provider of one's own is given. */
export interface PluginOptions {
  /** The provider's name in the configuration. */
  readonly name: string;
  /** Null when none is written. */
  readonly baseUrl: string | null;
  readonly apiKey: string | null;
  readonly redact: Redact;
  /** Follows no redirect, which could lead the key off the configured host. */
  readonly fetch: typeof fetch;
}

/** What a plug-in's file exports by default. Of an answer only `text` is required. */
export type ProviderPlugin = (options: PluginOptions) => unknown;

/**
 * A provider from a file of one's own. It is trusted to run, not to be right: its answers are checked and redacted as those of others,
 * and what it throws is a failure of its call.
 * @throws OrreryError `configuration-invalid` when the file does not run or gives no provider
 */
export async function loadPlugin(file: string, options: Omit<PluginOptions, 'fetch'>): Promise<Provider> {
  const create = await runOwnFile(file).catch((cause: unknown) => {
    throw unusable(options, `${file} cannot be run: ${firstLine(cause)}`, cause);
  });
  if (typeof create !== 'function') throw unusable(options, `${file} does not export a function by default`);
  const fetchDirectly: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'manual' });
  const made = await created(create as ProviderPlugin, file, { ...options, fetch: fetchDirectly });
  return guardProvider(options, made);
}

async function created(create: ProviderPlugin, file: string, options: PluginOptions): Promise<Unguarded> {
  let made: unknown;
  try {
    made = await create(options);
  } catch (cause) {
    throw unusable(options, `${file} gave no provider: ${firstLine(cause)}`, cause);
  }
  if (typeof fieldOf(made, 'chat') !== 'function') {
    throw unusable(options, `what ${file} exports gives nothing with a function chat`);
  }
  return made as Unguarded;
}

function unusable({ name, redact }: Pick<PluginOptions, 'name' | 'redact'>, what: string, cause?: unknown) {
  return new OrreryError('configuration-invalid', `llm.providers.${name}.module: ${redact(what)}`, {
    hint: 'Write: export default ({ name, baseUrl, apiKey, redact, fetch }) => ({ async chat(request, call) { … } }).',
    cause,
  });
}

function firstLine(thrown: unknown): string {
  return excerpt(thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown));
}

/** A provider of which nothing but the functions is known. */
interface Unguarded {
  chat(...question: Parameters<Provider['chat']>): unknown;
  embed?(...question: Parameters<NonNullable<Provider['embed']>>): unknown;
}

const tokens = z.int().nonnegative().default(0);

const answerShape = z.object({
  text: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), input: z.json() })).default([]),
  finishReason: z.enum(['stop', 'length', 'refusal', 'tools', 'other']).default('stop'),
  answeredBy: z.string().nullable().default(null),
  promptTokens: tokens,
  responseTokens: tokens,
  cachedPromptTokens: tokens,
  cacheWriteTokens: tokens,
});

/** What is nested without end breaks the check itself, which is as good as failing it. */
function shapeOf(given: unknown): { readonly data?: z.infer<typeof answerShape> | undefined } {
  try {
    return answerShape.safeParse(given);
  } catch {
    return {};
  }
}

const vectorsShape = z.object({
  vectors: z.array(z.union([z.array(z.number()), z.instanceof(Float32Array)])),
  promptTokens: tokens,
});

type Options = Omit<PluginOptions, 'fetch'>;

/** Makes of whatever has the right functions a provider that answers, fails and keeps secrets as all do. */
export function guardProvider(options: Options, plugin: Unguarded): Provider {
  return {
    async chat(request, call) {
      const pieces = redactPieces(options.redact, call?.onText ?? (() => {}));
      const onText = call?.onText === undefined ? undefined : pieces.push;
      try {
        const given = await answered(options, call, () => plugin.chat(request, { ...call, onText }));
        const { data } = shapeOf(given);
        if (data === undefined) throw misshapen(options, 'an answer with a text', given);
        const { text, finishReason, answeredBy, toolCalls, ...usage } = data;
        const calls = toolCalls.map((one) => ({ ...one, input: JSON.stringify(one.input) }));
        const answer = chatAnswer(
          options,
          request,
          { text, finishReason, answeredBy, toolCalls: calls, usage },
          (what) => brokenAnswer(options, what, text),
        );
        pieces.end();
        if (pieces.text === '' && answer.text !== '') call?.onText?.(answer.text);
        return answer;
      } catch (thrown) {
        throw thrown instanceof ChatError ? thrown.with({ shown: pieces.text !== '' }) : thrown;
      }
    },
    ...(plugin.embed === undefined ? {} : { embed: guardedEmbed(options, plugin, plugin.embed) }),
  };
}

function guardedEmbed(
  options: Options,
  plugin: Unguarded,
  embed: NonNullable<Unguarded['embed']>,
): NonNullable<Provider['embed']> {
  return async (request, call) => {
    const given = await answered(options, call, () => embed.call(plugin, request, call));
    const { data } = vectorsShape.safeParse(given);
    if (data === undefined) throw misshapen(options, 'vectors', given);
    const vectors = vectorsOf(
      options,
      data.vectors.map((vector) => [...vector]),
      request.texts,
      '',
    );
    return { vectors, promptTokens: data.promptTokens };
  };
}

/** What a plug-in throws may be a ChatError of another copy of this package: its fields count, not its class. */
async function answered(
  { name, redact }: Options,
  call: Pick<ChatCall, 'signal'> | undefined,
  ask: () => unknown,
): Promise<unknown> {
  try {
    return await ask();
  } catch (thrown) {
    if (call?.signal?.aborted) throw call.signal.reason;
    const [status, retryAfterMs] = [fieldOf(thrown, 'status'), fieldOf(thrown, 'retryAfterMs')];
    const words = excerpt(redact(thrown instanceof Error ? thrown.message : String(thrown)));
    throw new ChatError('provider-failed', `${name} failed: ${words}`, {
      hint: `The plug-in of llm.providers.${name} threw this.`,
      retryable: fieldOf(thrown, 'retryable') === true,
      status: typeof status === 'number' ? status : null,
      retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
    });
  }
}

function misshapen({ name, redact }: Options, what: string, given: unknown): ChatError {
  return new ChatError('provider-failed', `${name} did not give ${what}`, {
    ...{ hint: `Mend the plug-in of llm.providers.${name}.`, retryable: false },
    raw: rawOf(JSON.stringify(given) ?? String(given), redact),
  });
}
