import { z } from 'zod';
import { nearestWord, OrreryError } from '../core/index.ts';
import type { LlmSettings, ProviderKind } from '../llm/index.ts';
import { refusal } from '../yaml/index.ts';

/** What the files say once they are merged. */
export interface Settings {
  readonly llm: LlmSettings;
}

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .describe('a name of letters, digits, dots, hyphens and underscores');

const text = (meaning: string) => z.string().min(1).max(200).describe(meaning);
const positive = z.number().positive().describe('a number > 0');
// Amounts are kept as whole thousand-millionths of a dollar, exact up to 9e15 of them.
const usd = z.number().min(0).max(1e6).describe('dollars from 0 to 1e6');
const tokens = z.int().min(0).max(1e15).describe('a whole number of tokens, 0 or more');
// No model costs that much; tokens times a price without a bound can overflow.
const usdPerMillion = z.number().min(0).max(1e9).describe('dollars from 0 to 1e9');
const hourMs = 3_600_000;

const kinds = [
  'openai-compatible',
  'ollama',
  'openrouter',
  'anthropic',
  'openai',
  'google',
  'plugin',
] as const satisfies readonly ProviderKind[];

const provider = z.strictObject({
  kind: z.enum(kinds),
  baseUrl: z
    .string()
    .refine((url) => URL.canParse(url))
    .describe('an address such as https://gateway.example.com/v1')
    .exactOptional(),
  module: z.string().min(1).max(4096).describe('the path of a .mjs or .ts file').exactOptional(),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/)
    .describe('the name of an environment variable, never the key itself')
    .exactOptional(),
  timeoutMs: z.int().min(1).max(hourMs).describe(`whole milliseconds from 1 to ${hourMs}`).exactOptional(),
  retries: z.int().min(0).max(10).describe('a whole number from 0 to 10').exactOptional(),
  requestsPerMinute: positive.exactOptional(),
  tokensPerMinute: positive.exactOptional(),
});

const profile = z.strictObject({
  provider: text('the name of a provider'),
  model: text("a model's name"),
  fallback: z.array(text("a profile's name")).describe("a list of profiles' names").exactOptional(),
  weights: z
    .record(name, z.number().min(0).max(1e6).describe('a weight, 0 or more'))
    .describe("profiles' names with their weights")
    .exactOptional(),
  temperature: z.number().min(0).max(2).describe('a number from 0 to 2').exactOptional(),
  maxTokens: z.int().positive().describe('a whole number > 0').exactOptional(),
  usdPerMillion: z
    .strictObject({
      input: usdPerMillion,
      output: usdPerMillion,
      cachedInput: usdPerMillion.exactOptional(),
      cacheWrite: usdPerMillion.exactOptional(),
    })
    .exactOptional(),
  knowledgeCutoff: z.iso.date().describe('a date such as 2025-03-31').exactOptional(),
});

const budget = z.strictObject({
  usdPerCall: usd.exactOptional(),
  usdPerRun: usd.exactOptional(),
  usdPerAgent: usd.exactOptional(),
  usdPerDay: usd.exactOptional(),
  tokensPerCall: tokens.exactOptional(),
  tokensPerRun: tokens.exactOptional(),
  tokensPerAgent: tokens.exactOptional(),
  tokensPerDay: tokens.exactOptional(),
});

const cache = z.strictObject({
  store: z.enum(['memory', 'database', 'redis']),
  ttl: z
    .string()
    .regex(/^[1-9]\d{0,5}[smhdw]$/)
    .describe('a length of time such as 30m, 1h or 7d')
    .exactOptional(),
  maxEntries: z.int().min(1).max(1e9).describe('a whole number > 0').exactOptional(),
});

/** A part of a layer. People comment its keys out one by one, so a part without any is as good as absent. */
function section<Keys extends z.ZodType>(keys: Keys) {
  return keys.nullable().transform((written) => written ?? {});
}

/** Of a part that has keys it cannot do without. */
function emptyAsAbsent(written: unknown): unknown {
  const isEmpty = typeof written === 'object' && written !== null && Object.keys(written).length === 0;
  return isEmpty ? undefined : written;
}

/** One file, or one `--set`: any part may be left to another. */
export const layerSchema = section(
  z.strictObject({
    llm: section(
      z.strictObject({
        providers: section(z.record(name, provider.partial())).exactOptional(),
        profiles: section(z.record(name, profile.partial())).exactOptional(),
        budget: section(budget).exactOptional(),
        cache: section(cache.partial()).exactOptional(),
      }),
    ).exactOptional(),
  }),
);

export type Layer = z.infer<typeof layerSchema>;

interface KnownNames {
  readonly providers: readonly string[];
  readonly profiles: readonly string[];
}

/** What a profile says of others that is not so. */
function profileFaults(
  profileName: string,
  { provider: wanted, fallback = [], weights = {} }: z.infer<typeof profile>,
  names: KnownNames,
): readonly OrreryError[] {
  const key = `llm.profiles.${profileName}`;
  const given = Object.values(weights);
  return [
    ...unknownName(`${key}.provider`, wanted, 'providers', names),
    ...fallback.flatMap((one) => unknownName(`${key}.fallback`, one, 'profiles', names)),
    ...Object.keys(weights).flatMap((one) => unknownName(`${key}.weights`, one, 'profiles', names)),
    ...(given.length > 0 && given.every((weight) => weight === 0) ? [weightless(`${key}.weights`)] : []),
  ];
}

function unknownName(
  key: string,
  wanted: string,
  section: keyof KnownNames,
  names: KnownNames,
): readonly OrreryError[] {
  const known = names[section];
  if (known.includes(wanted)) return [];
  const nearest = nearestWord(wanted, known);
  const suggestion = nearest === null ? '' : `; did you mean \`${nearest}\`?`;
  const message = `\`${key}\` names \`${wanted}\`, which is not under \`llm.${section}\`${suggestion}`;
  const list = known.join(', ') || 'none';
  const advice =
    section === 'providers'
      ? `Providers: ${list}.`
      : `Profiles: ${list}. One that is not given falls to analyst only where an agent asks for it.`;
  return [new OrreryError('configuration-invalid', message, { hint: advice })];
}

function weightless(key: string): OrreryError {
  return new OrreryError('configuration-invalid', `\`${key}\` gives nobody more than 0`, {
    hint: 'Give a weight above 0 to each profile that is to be asked, or take `weights` out.',
  });
}

const llm = z
  .strictObject({
    providers: z.record(name, provider).default({}),
    profiles: z.record(name, profile).default({}),
    budget: budget.exactOptional(),
    cache: z.preprocess(emptyAsAbsent, cache.optional()).optional(),
  })
  .superRefine(({ providers, profiles, cache: { store, maxEntries } = {} }, context) => {
    if (store === 'redis' && maxEntries !== undefined) {
      const message = '`llm.cache.maxEntries` is not for the store redis, which has bounds of its own';
      const advice = 'Take it out, and set maxmemory in Redis.';
      context.addIssue(refusal(new OrreryError('configuration-invalid', message, { hint: advice })));
    }
    const names = { providers: Object.keys(providers), profiles: Object.keys(profiles) };
    for (const [profileName, written] of Object.entries(profiles)) {
      for (const error of profileFaults(profileName, written, names)) context.addIssue(refusal(error));
    }
  });

/** All layers together. */
export const settingsSchema: z.ZodType<Settings> = z.strictObject({
  llm: llm.default({ providers: {}, profiles: {} }),
});
