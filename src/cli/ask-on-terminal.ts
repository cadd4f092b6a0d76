import { createInterface } from 'node:readline';
import { OrreryError } from '../core/index.ts';
import { harmless } from './terminal.ts';

/** A question to the person at the terminal. */
interface Question {
  /** Null for an answer in one's own words. */
  readonly choices: readonly string[] | null;
  readonly signal: AbortSignal;
  readonly agent: string;
}

export interface TerminalPorts {
  readonly stdin: NodeJS.ReadableStream;
  readonly write: (text: string) => unknown;
  /** Called around each question, so that nothing is drawn over it. */
  readonly hide: () => void;
  readonly show: () => void;
}

/** Puts one question at a time, in the order they came. */
export function askOnTerminal(ports: TerminalPorts): (question: string, asking: Question) => Promise<string> {
  let before: Promise<unknown> = Promise.resolve();
  return (question, asking) => {
    const answer = before.then(async () => {
      asking.signal.throwIfAborted();
      ports.hide();
      try {
        return await putQuestion(ports, question, asking);
      } finally {
        ports.show();
      }
    });
    before = answer.catch(() => undefined);
    return answer;
  };
}

async function putQuestion(
  ports: TerminalPorts,
  question: string,
  { choices, agent, signal }: Question,
): Promise<string> {
  const options = (choices ?? []).map((choice, index) => `  ${index + 1} ${choice}\n`).join('');
  ports.write(harmless(`${agent} asks: ${question}\n${options}`));
  for (;;) {
    const reply = (await readLine(ports, signal)).trim();
    if (choices === null) {
      if (reply !== '') return reply;
      continue;
    }
    const chosen = choices.find((choice) => choice === reply) ?? choices[Number(reply) - 1];
    if (chosen !== undefined) return chosen;
    ports.write(`Type one of them, or its number from 1 to ${choices.length}.\n`);
  }
}

/** The terminal itself does the editing, and turns Ctrl-C into a signal. */
function readLine({ stdin, write }: TerminalPorts, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdin, terminal: false });
    const cancel = () => settle(() => reject(signal.reason));
    const settle = (outcome: () => void) => {
      signal.removeEventListener('abort', cancel);
      lines.removeAllListeners('close').close();
      // Else the process would wait for what is typed next.
      stdin.pause();
      outcome();
    };
    signal.addEventListener('abort', cancel, { once: true });
    lines.once('line', (line) => settle(() => resolve(line)));
    lines.once('close', () => settle(() => reject(nobody())));
    write('> ');
  });
}

function nobody(): OrreryError {
  return new OrreryError('agent-failed', 'nobody answered: what is typed has ended', {
    hint: 'Type an answer, or give it with --answer.',
  });
}
