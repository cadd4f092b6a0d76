import { OrreryError } from '../core/index.ts';

/** As much of stdin as reading a secret needs. */
export interface SecretInput extends AsyncIterable<unknown> {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** No key is that long; who pipes in a whole file is told so. */
const longest = 16_384;

/**
 * A secret from stdin: typed unseen on a terminal, else all there is, less one line break at its end.
 * @param ask writes the question once nothing typed can be seen any more, and ends its line
 * @throws OrreryError `interrupted` on Ctrl-C, `usage-invalid` when nothing comes
 */
export async function readSecret(
  input: SecretInput,
  ask: (text: string) => void,
  question: string,
): Promise<string> {
  const secret = input.isTTY === true ? await typed(input, ask, question) : await piped(input);
  if (secret === '') {
    throw new OrreryError('usage-invalid', 'no key came on stdin', {
      hint: 'Type it when you are asked, or pipe it in; nothing was stored.',
    });
  }
  return secret;
}

async function piped(input: SecretInput): Promise<string> {
  let text = '';
  for await (const part of input) text = bounded(text + String(part));
  return text.replace(/\r?\n$/, '');
}

async function typed(input: SecretInput, ask: (text: string) => void, question: string): Promise<string> {
  // Not line by line: the terminal itself would show what is typed, and keep it.
  input.setRawMode?.(true);
  try {
    ask(question);
    let text = '';
    for await (const part of input) {
      for (const character of String(part)) {
        if (character === '\r' || character === '\n' || character === ctrl.d) return text;
        if (character === ctrl.c) throw interrupted();
        text = bounded(edited(text, character));
      }
    }
    return text;
  } finally {
    input.setRawMode?.(false);
    ask('\n');
  }
}

const ctrl = { c: '\x03', d: '\x04', u: '\x15' } as const;

function edited(text: string, character: string): string {
  if (character === '\x7f' || character === '\b') return text.slice(0, -1);
  return character === ctrl.u ? '' : text + character;
}

function bounded(text: string): string {
  if (text.length <= longest) return text;
  throw new OrreryError('usage-invalid', `what came on stdin is longer than ${longest} characters`, {
    hint: 'Give the key alone; nothing was stored.',
  });
}

function interrupted(): OrreryError {
  return new OrreryError('interrupted', 'stopped before a key was given', {
    hint: 'Nothing was stored.',
    retryable: false,
  });
}
