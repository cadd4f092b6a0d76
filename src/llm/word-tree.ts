/**
 * A place in a text as far as the searched words are concerned: the longest beginning of one of them that ends there (Aho and Corasick,
 * Efficient String Matching, 1975). Going on from it takes the same time however many words are searched.
 */
export interface WordNode {
  /** Length of the beginning that a longer text could still complete; 0 for none. */
  readonly begun: number;
  /** Length of the longest whole word that ends here; 0 for none. */
  readonly whole: number;
  /** The place one character later. */
  next(code: number): WordNode;
}

class Node implements WordNode {
  readonly children = new Map<number, Node>();
  readonly #length: number;
  /** The longest other beginning that ends here; null at the root. */
  #rest: Node | null = null;
  begun = 0;
  whole = 0;

  constructor(length: number) {
    this.#length = length;
  }

  next(code: number): Node {
    for (let node: Node = this; ; node = node.#rest) {
      const child = node.children.get(code);
      if (child !== undefined) return child;
      if (node.#rest === null) return node;
    }
  }

  /** To be called once every word is in the tree, on shorter beginnings first. */
  link(rest: Node | null): void {
    this.#rest = rest;
    this.whole ||= rest?.whole ?? 0;
    this.begun = this.children.size > 0 ? this.#length : (rest?.begun ?? 0);
  }

  restOf(code: number): Node {
    return this.#rest === null ? this : this.#rest.next(code);
  }

  child(code: number): Node {
    const child = this.children.get(code) ?? new Node(this.#length + 1);
    this.children.set(code, child);
    return child;
  }
}

/** The place before anything was read. */
export function plantWords(words: readonly string[]): WordNode {
  const root = new Node(0);
  for (const word of words) {
    let node = root;
    for (let at = 0; at < word.length; at++) node = node.child(word.charCodeAt(at));
    node.whole = word.length;
  }
  root.link(null);
  for (let level: readonly Node[] = [root]; level.length > 0; ) {
    const following: Node[] = [];
    for (const node of level) {
      for (const [code, child] of node.children) {
        child.link(node.restOf(code));
        following.push(child);
      }
    }
    level = following;
  }
  return root;
}
