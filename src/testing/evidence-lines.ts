/** A line of evidence in one of Orrery's prompts. */
export interface EvidenceLine {
  readonly id: string;
  readonly name: string;
  /** Null where the line says that it is missing. */
  readonly value: number | null;
  /** Empty for a bare number. */
  readonly unit: string;
}

const line = /^\s*\[([^\]\s]+)\] (\S+) (?:= (-?\d+(?:\.\d+)?)(?: (\S+))?|missing: .*)\s*$/gm;

/** Every `[ID] NAME = VALUE UNIT` and `[ID] NAME missing: REASON` in a text, in their order. */
export function evidenceLines(text: string): readonly EvidenceLine[] {
  return [...text.matchAll(line)].map(([, id = '', name = '', value, unit = '']) => ({
    id,
    name,
    value: value === undefined ? null : Number(value),
    unit,
  }));
}
