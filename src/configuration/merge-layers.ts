type Tree = { readonly [key: string]: unknown };

/** Keys of later layers stand over those of earlier ones, map by map; lists and single values are replaced whole. */
export function mergeLayers(layers: readonly Tree[]): Tree {
  return layers.reduce(mergeTwo, {});
}

function mergeTwo(under: Tree, over: Tree): Tree {
  const merged: { [key: string]: unknown } = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(under, key) ? under[key] : undefined;
    merged[key] = isTree(below) && isTree(value) ? mergeTwo(below, value) : value;
  }
  return merged;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
