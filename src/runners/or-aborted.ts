import { setMaxListeners } from 'node:events';

/** What the work gives, or the signal's reason as soon as it aborts: somebody else's code may not listen to it. */
export async function orAborted<Value>(
  signal: AbortSignal,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted();
  // Any number of agents may work at one time, and each listens.
  setMaxListeners(0, signal);
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([aborted, work()]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
