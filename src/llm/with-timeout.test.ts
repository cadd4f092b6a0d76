import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { answerOf } from '../../test/answer-of.ts';
import type { ChatModel, ChatRequest } from './chat.ts';
import { withRetry } from './with-retry.ts';
import { withTimeout } from './with-timeout.ts';

const request: ChatRequest = {
  ...{ profile: 'analyst', provider: 'local', model: 'any', messages: [], schema: null },
  ...{ temperature: null, maxTokens: null },
};

test('a try that was given up shows nothing in the next one, even if it heeds no signal', async () => {
  let tries = 0;
  let finished = Promise.resolve();
  const deaf: ChatModel = {
    async chat(_request, call) {
      if (++tries > 1) {
        call?.onText?.('new ');
        await finished;
        call?.onText?.('answer');
        return answerOf('new answer');
      }
      finished = sleep(350).then(() => call?.onText?.('OLD '));
      await finished;
      return answerOf('OLD ');
    },
  };
  const shown: string[] = [];
  const model = withRetry(1, () => 0, withTimeout(300, deaf));
  const { text } = await model
    .chat(request, { onText: (piece) => shown.push(piece) })
    .catch((error) => error);
  expect({ tries, text, shown }).toEqual({ tries: 2, text: 'new answer', shown: ['new ', 'answer'] });
});

test('a try that has answered shows nothing more', async () => {
  let late: ((piece: string) => void) | undefined;
  const eager: ChatModel = {
    async chat(_request, call) {
      late = call?.onText;
      return answerOf('up');
    },
  };
  const shown: string[] = [];
  await withTimeout(1_000, eager).chat(request, { onText: (piece) => shown.push(piece) });
  late?.('and down');
  expect(shown).toEqual([]);
});
