import { createRequire } from 'node:module';

// The few calls made here; the types it ships are as large as the program.
interface LangGraph {
  readonly Annotation: ((channel: object) => object) & { readonly Root: (channels: object) => object };
  readonly StateGraph: new (
    state: object,
  ) => {
    addNode(name: string, work: () => Promise<object>): void;
    addEdge(from: string | readonly string[], to: string): void;
    compile(): { invoke(input: object): Promise<{ readonly said: readonly number[] }> };
  };
  readonly START: string;
  readonly END: string;
}

const require = createRequire(new URL('package.json', import.meta.url));

/**
 * The same phases in LangGraph, compiled once, without events, limits of time and a signal: @returns what is to be timed, which gives
 * how many have spoken.
 */
export function langGraph(layers: readonly (readonly string[])[]): () => Promise<number> {
  const { Annotation, StateGraph, START, END } = require('@langchain/langgraph') as LangGraph;
  const said = Annotation({
    reducer: (earlier: readonly number[], more: readonly number[]) => [...earlier, ...more],
    default: () => [],
  });
  const graph = new StateGraph(Annotation.Root({ said }));
  for (const name of layers.flat()) graph.addNode(name, async () => ({ said: [1] }));
  for (const [phase, layer] of layers.entries()) {
    const before = layers[phase - 1];
    for (const name of layer) graph.addEdge(before ?? START, name);
  }
  for (const name of layers.at(-1)!) graph.addEdge(name, END);
  const compiled = graph.compile();
  return async () => (await compiled.invoke({ said: [] })).said.length;
}
