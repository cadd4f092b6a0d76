import { isUtf8 } from 'node:buffer';
import { OrreryError } from '../core/index.ts';

/** As much of stdin as reading an input needs. */
export interface InputStream extends AsyncIterable<unknown> {
  destroy(): unknown;
}

/** More is a mistake: no model reads it, and it would be held in memory several times. */
const mostBytes = 100_000_000;
const waitingMs = 2_000;

/**
 * All of stdin, unchanged.
 * @param say tells a person that something is waited for, once nothing has come for a while
 * @throws OrreryError `usage-invalid` for what is no text or too much of it, `interrupted`
 */
export async function readInput(
  stdin: InputStream,
  say: (text: string) => void,
  stop: AbortSignal,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const waiting = setTimeout(() => say('waiting for the input on stdin … (Ctrl-D ends it)'), waitingMs);
  const cancel = () => stdin.destroy();
  stop.addEventListener('abort', cancel, { once: true });
  try {
    for await (const part of stdin) {
      clearTimeout(waiting);
      const chunk = Buffer.from(part as Uint8Array);
      bytes += chunk.length;
      if (bytes > mostBytes) throw refused(`is larger than ${mostBytes / 1_000_000} MB`, 'Give it less.');
      chunks.push(chunk);
    }
  } catch (thrown) {
    if (!stop.aborted) throw thrown;
  } finally {
    clearTimeout(waiting);
    stop.removeEventListener('abort', cancel);
  }
  if (stop.aborted) {
    throw new OrreryError('interrupted', 'stopped before the input had come', { hint: 'Nothing was begun.' });
  }
  const whole = Buffer.concat(chunks);
  if (!isUtf8(whole)) throw refused('is no text in UTF-8', 'Give it a text.');
  return whole.toString('utf8');
}

function refused(what: string, hint: string): OrreryError {
  return new OrreryError('usage-invalid', `what came on stdin ${what}`, { hint });
}
