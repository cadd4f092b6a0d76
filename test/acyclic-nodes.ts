import fc from 'fast-check';

export interface AcyclicNode {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly required: readonly string[];
}

/** Graphs of 1 to `most` agents without a cycle, listed in an order that says nothing about who comes first. */
export function acyclicNodes(most: number): fc.Arbitrary<readonly AcyclicNode[]> {
  const arrow = fc.record({ back: fc.integer({ min: 1, max: most }), required: fc.boolean() });
  const arrows = fc.array(fc.array(arrow, { maxLength: 4 }), { minLength: 1, maxLength: most, size: 'max' });
  return arrows
    .map((agents) =>
      agents.map((own, index) => {
        const kept = own.filter(({ back }) => back <= index);
        const nameOf = ({ back }: { readonly back: number }) => `a${index - back}`;
        return {
          name: `a${index}`,
          dependsOn: [...new Set(kept.map(nameOf))],
          required: [...new Set(kept.filter(({ required }) => required).map(nameOf))],
        };
      }),
    )
    .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }));
}
