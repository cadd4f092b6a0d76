import type { PreparedAgent, PreparedEnsemble } from '../prepare-ensemble.ts';

/** What stands round a node's label, by kind; any other kind is a box. */
const shapes: { readonly [kind: string]: readonly [open: string, close: string] } = {
  llm: ['([', '])'],
  moon: ['((', '))'],
  model: ['[/', '/]'],
  http: ['>', ']'],
  ensemble: ['[[', ']]'],
  human: ['[\\', '\\]'],
  route: ['{', '}'],
  ...Object.fromEntries(
    ['vote', 'consensus', 'weighted', 'best', 'council', 'merge', 'template'].map((kind) => [
      kind,
      ['{{', '}}'],
    ]),
  ),
};

/**
 * The graph as a Mermaid flowchart: a phase is a subgraph, the kind a shape, a dependency that is needed a solid arrow, any other a
 * dotted one, and what a router leads to bears its branches.
 */
export function formatMermaid({ plan, agents }: PreparedEnsemble): string {
  const ids = new Map(plan.agents.map(({ name }, index) => [name, `a${index}`]));
  const lines = plan.phases.flatMap((names, phase) => [
    `  subgraph p${phase + 1}["phase ${phase + 1}"]`,
    ...names.map((name) => `    ${nodeOf(ids.get(name)!, agents.get(name)!)}`),
    '  end',
  ]);
  const arrows = plan.agents.flatMap(({ name }) => {
    const agent = agents.get(name)!;
    return agent.dependsOn.map((other) => `  ${ids.get(other)} ${arrowFrom(other, agent)} ${ids.get(name)}`);
  });
  return `${['flowchart LR', ...lines, ...arrows].join('\n')}\n`;
}

function nodeOf(id: string, { spec }: PreparedAgent): string {
  const [open, close] = shapes[spec.kind] ?? ['[', ']'];
  return `${id}${open}"${escaped(spec.name)}<br/>${escaped(spec.kind)}"${close}`;
}

function arrowFrom(other: string, { spec, routes }: PreparedAgent): string {
  const arrow = spec.required.includes(other) ? '-->' : '-.->';
  const branches = routes.filter(({ router }) => router === other).flatMap((route) => route.branches);
  return branches.length === 0 ? arrow : `${arrow}|"${escaped(branches.join(', '))}"|`;
}

/** Mermaid knows characters by number, and reads labels as HTML and Markdown. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} ,._-]/gu, (character) => `#${character.codePointAt(0)};`);
}
