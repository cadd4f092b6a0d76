import { byteLength, type Html } from './html.ts';

export interface Kept<Item> {
  readonly item: Item;
  readonly markup: Html;
}

/**
 * Renders items in the given order of importance until `bytes` are used up, so that the size of the page has a bound
 * whatever the run. An item that does not fit is left out, and those after it too.
 */
export function withinBudget<Item>(
  items: Iterable<Item>,
  bytes: number,
  render: (item: Item) => Html,
): readonly Kept<Item>[] {
  const kept: Kept<Item>[] = [];
  let used = 0;
  for (const item of items) {
    const rendered = render(item);
    used += byteLength(rendered);
    if (used > bytes) break;
    kept.push({ item, markup: rendered });
  }
  return kept;
}
