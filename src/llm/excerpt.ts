/** The beginning of a text on one line, for an error message: no line breaks, no terminal escapes. Redact before: a key cut in two is not found. */
export function excerpt(text: string, length = 200): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length)}…`;
}
