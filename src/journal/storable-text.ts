// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for.
const suspicious = /[\u0000\uD800-\uDFFF]/;

/**
 * Text as PostgreSQL can hold it: NUL and halves of surrogate pairs, which a model's answer may contain, become U+FFFD.
 * The hash sees the same text, so that it comes out equal from what is read back.
 */
export function storableText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
}
