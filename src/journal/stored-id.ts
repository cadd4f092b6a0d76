/** An id as it is stored, without its run: `17.technical` for `r_1.17.technical`. */
export function storedId(run: string, id: string): string {
  if (!id.startsWith(`${run}.`)) throw new RangeError(`id ${id} does not belong to run ${run}`);
  return id.slice(run.length + 1);
}

export function fullId(run: string, stored: string): string {
  return `${run}.${stored}`;
}
