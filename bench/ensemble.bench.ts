import { measureGraph } from './ensemble-graph.ts';
import { measureMemory } from './ensemble-memory.ts';
import { measureRandomGraphs } from './ensemble-random.ts';
import { measureWaits } from './ensemble-waits.ts';

/**
 * A graph of agents that do nothing, beside `Promise.all` over the same phases by turns and then LangGraph, in one process; what agents hold
 * while they wait and what runs leave behind; large graphs and how soon a cancelled one is over; and agents that ask a local server,
 * whose answers take their time: how much of that an ensemble saves, and how little it adds. LangGraph comes last, for it slows all
 * promises of a process for good.
 */
export async function measure(): Promise<object> {
  const memory = await measureMemory();
  const random = await measureRandomGraphs();
  const waits = await measureWaits();
  const graph = await measureGraph();
  return { graph, random, ...memory, ...waits };
}
