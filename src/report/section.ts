import { type Html, html, prose } from './html.ts';

/** A block of the page: heading, one line on how to read it, content. Its id is where the script swaps it. */
export function section(id: string, title: string, howToRead: string, body: Html): Html {
  return html`<section id="${id}"><h2>${title}</h2><p class="how">${prose(howToRead)}</p>${body}</section>`;
}
