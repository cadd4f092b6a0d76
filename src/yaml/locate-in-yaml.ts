import { parseTree } from './yaml-tree.ts';

/** Where the values of a YAML text stand, as `LINE:COLUMN` by their path; that of the nearest value around where there is none. */
export function locateInYaml(text: string): (path: readonly PropertyKey[]) => string {
  const tree = parseTree(text);
  return (path) => tree.lineAndColumn(tree.offsetOf(path));
}
