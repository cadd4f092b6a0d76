import { readAll } from './escape-reading.ts';
import { waysToRead } from './secret-search.ts';

/** Shorter values are placeholders such as `none`, which also occur as ordinary words in an answer. */
const shortestSecret = 6;

/**
 * What a secret may look like in a text, apart from escapes, which are read before they are compared: itself, what is left of it once
 * it was decoded, hexadecimal, and base64, also of something it is only a part of. None for a secret that is too short to be one.
 */
export function secretSpellings(secret: string): readonly string[] {
  if (secret.length < shortestSecret) return [];
  const hexadecimal = Buffer.from(secret).toString('hex');
  const spellings = [
    ...decodings(secret).flatMap((decoded) => [
      decoded,
      ...waysToRead.map((sorts) => readAll(decoded, sorts)),
    ]),
    ...[hexadecimal, hexadecimal.toUpperCase()],
    ...[0, 1, 2].flatMap((before) => base64Within(secret, before)),
  ];
  return [...new Set(spellings)].filter((spelling) => spelling.length >= shortestSecret);
}

/** The secret, and what is left of it once it was pasted into JSON as it stands and read from there, however often. */
function decodings(secret: string): readonly string[] {
  const decoded = decodedAsJson(secret);
  return decoded === null || decoded === secret ? [secret] : [secret, ...decodings(decoded)];
}

function decodedAsJson(secret: string): string | null {
  try {
    const decoded: string = JSON.parse(`"${secret}"`);
    return decoded;
  } catch {
    return null;
  }
}

/** The characters that depend on nothing but the secret when so many bytes (modulo 3) come before it, in either alphabet. */
function base64Within(secret: string, before: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
  return (['base64', 'base64url'] as const).map((alphabet) => bytes.toString(alphabet).slice(from, to));
}
