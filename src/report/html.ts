/** Markup that is safe to put on the page as it stands. Only {@link html} and {@link markup} make it. */
export interface Html {
  readonly markup: string;
}

export type HtmlPart = string | number | null | Html | readonly Html[];

/** Template whose every inserted text is escaped; markup, lists of it and null (nothing) are inserted as they are. */
export function html(parts: TemplateStringsArray, ...inserted: readonly HtmlPart[]): Html {
  let text = parts[0]!;
  inserted.forEach((part, index) => {
    text += asMarkup(part) + parts[index + 1]!;
  });
  return { markup: text };
}

/** Marks text made by this folder alone (style sheet, path data) as safe. Never for anything that came from outside. */
export function markup(own: string): Html {
  return { markup: own };
}

function asMarkup(part: HtmlPart): string {
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeText(part);
  return 'markup' in part ? part.markup : part.map((inner) => inner.markup).join('');
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe inside elements and quoted attributes. Control and direction marks, which can hide or turn text, are shown as �. */
function escapeText(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]!);
}

/** The first `limit` characters, and how much was left out. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = /[\ud800-\udbff]/.test(text[limit - 1]!) ? limit - 1 : limit;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}

/** Text in which numbers keep to their unit at the end of a line. */
export function prose(text: string): Html {
  return markup(
    escapeText(text).replace(/[+−]?\d[\d.,]* %/g, (number) => `<span class="n">${number}</span>`),
  );
}

export function byteLength(part: Html): number {
  return Buffer.byteLength(part.markup);
}
