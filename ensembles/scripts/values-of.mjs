import { text } from 'node:stream/consumers';

/** What the program was given on stdin, and every number that calculators read, by its name; null where one is missing. */
export async function readTurn() {
  const turn = JSON.parse(await text(process.stdin));
  const readings = Object.values(turn.agents).flatMap(({ output }) => (output?.values ? [output] : []));
  const numbers = Object.fromEntries(
    readings.flatMap(({ values }) => Object.entries(values).map(([name, { value }]) => [name, value])),
  );
  return { ...turn, numbers, at: readings[0]?.at ?? null, close: readings[0]?.close ?? null };
}
