/** Deeper than anything people mean; what reads an output later, level by level, must not break on it. */
const deepest = 200;
const mostValues = 5_000_000;

interface Look {
  readonly path: (string | number)[];
  readonly around: object[];
  values: number;
}

/** Why a value is no JSON, and where, e.g. `NaN at scores[3]`; null where it is. Keys whose value is undefined do not count. */
export function jsonFault(value: unknown): string | null {
  const look: Look = { path: [], around: [], values: 0 };
  const fault = faultIn(value, look);
  return fault === null ? null : `${fault}${placeOf(look.path)}`;
}

function faultIn(value: unknown, look: Look): string | null {
  if (++look.values > mostValues) return `more than ${mostValues} values`;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : String(value);
  if (typeof value !== 'object') return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
  if (look.around.includes(value)) return 'a value that holds itself';
  if (look.around.length === deepest) return `more than ${deepest} levels`;
  if (!Array.isArray(value) && !isPlain(value)) return `a ${kindOf(value)}`;
  look.around.push(value);
  const fault = Array.isArray(value) ? faultInList(value, look) : faultInFields(value, look);
  look.around.pop();
  return fault;
}

function faultInList(list: readonly unknown[], look: Look): string | null {
  // By index, so that holes are seen.
  for (let index = 0; index < list.length; index++) {
    const fault = faultAt(index, list[index], look);
    if (fault !== null) return fault;
  }
  return null;
}

function faultInFields(fields: object, look: Look): string | null {
  for (const [key, value] of Object.entries(fields)) {
    const fault = value === undefined ? null : faultAt(key, value, look);
    if (fault !== null) return fault;
  }
  return null;
}

/** Leaves the path standing where there is a fault: it is the place. */
function faultAt(key: string | number, value: unknown, look: Look): string | null {
  look.path.push(key);
  const fault = faultIn(value, look);
  if (fault === null) look.path.pop();
  return fault;
}

/** Not of a class, whichever realm made it. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: object): string {
  const { name } = (value as { readonly constructor?: { readonly name?: unknown } }).constructor ?? {};
  return typeof name === 'string' && name !== '' ? name : 'thing';
}

const longestPlace = 100;

function placeOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return '';
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  const whole = place.replace(/^\./, '');
  return ` at ${whole.length <= longestPlace ? whole : `${whole.slice(0, longestPlace)}…`}`;
}
