/** Takes one entry out of a short list, keeping the order of the others; `splice` would make a list of what it removed. */
export function takeOut<Entry>(list: Entry[], entry: Entry): void {
  const at = list.indexOf(entry);
  if (at < 0) return;
  for (let next = at + 1; next < list.length; next++) list[next - 1] = list[next]!;
  list.pop();
}
