import { text } from 'node:stream/consumers';

/**
 * What the program was given on stdin, and every number that calculators read, by its name; null where there are too few bars. Of a
 * calculator that failed there is no number at all; `failed` says why.
 */
export async function readTurn() {
  const turn = JSON.parse(await text(process.stdin));
  const readings = Object.values(turn.agents).flatMap(({ output }) => (output?.values ? [output] : []));
  const numbers = Object.fromEntries(
    readings.flatMap(({ values }) => Object.entries(values).map(([name, { value }]) => [name, value])),
  );
  const failed = Object.entries(turn.agents).flatMap(([name, { status, error }]) =>
    status === 'failed' || status === 'timeout' ? [`${name}: ${error?.message ?? status}`] : [],
  );
  return { ...turn, numbers, failed, at: readings[0]?.at ?? null, close: readings[0]?.close ?? null };
}
