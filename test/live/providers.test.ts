import { beforeAll, describe, expect, test } from 'vitest';
import {
  type ChatCall,
  type ChatRequest,
  createGateway,
  type Gateway,
  keyVariable,
  type ProviderSettings,
} from '../../src/llm/index.ts';

interface LiveProvider {
  readonly settings: ProviderSettings;
  /** A cheap one; `ORRERY_LIVE_NAME` names another. */
  readonly model: string;
}

const live: { readonly [name: string]: LiveProvider } = {
  anthropic: { settings: { kind: 'anthropic' }, model: 'claude-haiku-4-5' },
  openai: { settings: { kind: 'openai' }, model: 'gpt-5-nano' },
  google: { settings: { kind: 'google' }, model: 'gemini-2.5-flash' },
  openrouter: {
    settings: { kind: 'openrouter', apiKeyEnv: 'OPENROUTER_API_KEY' },
    model: 'openai/gpt-5-nano',
  },
};

const schema = {
  type: 'object',
  properties: { sum: { type: 'integer' } },
  required: ['sum'],
  additionalProperties: false,
} as const;

for (const [name, { settings, model: usual }] of Object.entries(live)) {
  const variable = keyVariable(settings, process.env);
  const model = process.env[`ORRERY_LIVE_${name.toUpperCase()}`] || usual;
  const lacking = variable === null ? ' is skipped: no key is set for it' : `, asking ${model}`;
  describe.skipIf(variable === null)(`${name}${lacking}`, () => {
    let gateway: Gateway;
    beforeAll(() => {
      gateway = createGateway({
        settings: { providers: { [name]: settings }, profiles: { live: { provider: name, model } } },
        environment: process.env,
        recording: { kind: 'off' },
      });
    });
    const ask = (question: string, more: Partial<ChatRequest> = {}, call: ChatCall = {}) => {
      const messages = [{ role: 'user' as const, content: question }];
      // Models that think before they answer count their thoughts.
      const request = {
        profile: 'live',
        provider: name,
        model,
        messages,
        temperature: null,
        maxTokens: 2_000,
      };
      return gateway.within('1.live').chat({ ...request, schema: null, ...more }, call);
    };

    test('answers in words, and says what it took', async () => {
      const answer = await ask('Answer with the one word: here');
      expect(answer.text.toLowerCase()).toContain('here');
      expect(answer).toMatchObject({ finishReason: 'stop', provider: name, calls: 1 });
      expect(Math.min(answer.promptTokens, answer.responseTokens)).toBeGreaterThan(0);
    });

    test('answers in the form of a schema', async () => {
      const answer = await ask('What is 19 + 23?', { schema: { name: 'sum', schema } });
      expect(JSON.parse(answer.text)).toEqual({ sum: 42 });
    });

    test('answers piece by piece', async () => {
      const pieces: string[] = [];
      const onText = (piece: string) => void pieces.push(piece);
      const answer = await ask('Count from 1 to 30, separated by commas.', {}, { onText });
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('')).toBe(answer.text);
      expect(answer.text).toContain('29');
    });

    test('asks for a tool', async () => {
      const tool = {
        name: 'price_of',
        description: 'The latest price of an instrument. The only way to know one.',
        schema: {
          type: 'object',
          properties: { symbol: { type: 'string' } },
          required: ['symbol'],
          additionalProperties: false,
        },
      } as const;
      const answer = await ask('What is the price of BTCUSDT now? Use the tool.', { tools: [tool] });
      expect(answer.finishReason).toBe('tools');
      expect(answer.toolCalls).toMatchObject([{ name: 'price_of', input: { symbol: 'BTCUSDT' } }]);
    });
  });
}
