import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { OrreryError } from '../core/index.ts';

/** Calls that go over a list with a formula of their own. */
const loops = ['all', 'exists', 'exists_one', 'map', 'filter'];
const deepestLoops = 2;
/** How many values one evaluation may go over, and how many its result may hold. */
export const mostValues = 1_000_000;
const longestText = 10_000_000;

/**
 * Refuses what no bound at run time holds: regular expressions (they may backtrack for ever), loops in loops in loops, and
 * `cel.bind`, by which a text doubles a value again and again.
 * @throws OrreryError `ensemble-invalid`
 */
export function refuseUnbounded(node: ASTNode, text: string, depth = 0): void {
  if (node.op !== 'rcall') {
    for (const inner of nodesIn(node.args)) refuseUnbounded(inner, text, depth);
    return;
  }
  const [name, receiver, args] = node.args;
  if (name === 'matches')
    refuse(text, 'regular expressions may never end', 'Use contains, startsWith or endsWith.');
  if (name === 'bind')
    refuse(text, '`bind` is not among what it can do', 'Write the value out where it is used.');
  const inside = isLoop(node) ? depth + 1 : depth;
  if (inside > deepestLoops) {
    const why = `${loops.join(', ')} stand in each other at most ${deepestLoops} deep`;
    refuse(text, why, 'Let an agent of kind script go over lists of lists of lists.');
  }
  refuseUnbounded(receiver, text, depth);
  for (const inner of args) refuseUnbounded(inner, text, inside);
}

function refuse(text: string, why: string, hint: string): never {
  throw new OrreryError('ensemble-invalid', `\`${text}\` is no expression here: ${why}`, { hint });
}

function isLoop({ op, args }: ASTNode): boolean {
  return op === 'rcall' && loops.includes(args[0]) && args[2].length > 1;
}

/** The nodes right below one, whatever the shape of its arguments. */
export function nodesIn(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  const isNode = typeof args === 'object' && args !== null && 'op' in args && 'args' in args;
  return isNode ? [args as ASTNode] : [];
}

export type BoundedProgram = (variables: { readonly [name: string]: unknown }) => unknown;

/**
 * A program that pays for each list before it goes over it, so that loops cost no more than {@link mostValues} together:
 * the language has no limit of steps of its own. `environment` is taken over.
 * The program throws where the bound is passed, even where an `exists` would have swallowed that.
 */
export function createBoundedProgram(environment: Environment, text: string): BoundedProgram {
  let left = mostValues;
  let paid = new WeakSet<object>();
  const pay = (value: unknown) => {
    left -= paid.has(value as object) ? lengthOf(value) : sizeOf(value, left);
    if (typeof value === 'object' && value !== null) paid.add(value);
    if (left < 0) throw new Error(tooMuch);
    return value;
  };
  environment.registerFunction('paidFor(A): A', pay, { async: false });
  environment.registerFunction('joinable(A): A', joinable, { async: false });
  const program = environment.parse(text);
  instrument(program.ast, (name, node) => wrapped(environment, name, node));
  return (variables) => {
    left = mostValues;
    paid = new WeakSet();
    const value = program(variables);
    if (left < 0) throw new Error(tooMuch);
    return value;
  };
}

const tooMuch = `it goes over more than ${mostValues} values`;

function joinable(value: unknown): unknown {
  if (typeof value === 'string' && value.length > longestText) throw new Error(tooMuch);
  if (Array.isArray(value) && value.length > mostValues) throw new Error(tooMuch);
  return value;
}

type Wrap = (name: 'paidFor' | 'joinable', node: ASTNode) => ASTNode;

/** What a loop was expanded to when it was parsed; what it goes over is replaced there, since that is what is run. */
interface Expanded {
  readonly meta: { readonly alternate?: { readonly args: { iterable: ASTNode } } };
}

function instrument(node: ASTNode, wrap: Wrap): void {
  for (const inner of nodesIn(node.args)) instrument(inner, wrap);
  if (node.op === '+') {
    const operands = node.args as [ASTNode, ASTNode];
    operands[0] = wrap('joinable', operands[0]);
    operands[1] = wrap('joinable', operands[1]);
  }
  if (!isLoop(node)) return;
  const { alternate } = (node as unknown as Expanded).meta;
  if (alternate === undefined) throw new Error(`${node.op} cannot be bounded`);
  alternate.args.iterable = wrap('paidFor', alternate.args.iterable);
}

function wrapped(environment: Environment, name: string, node: ASTNode): ASTNode {
  const call = environment.parse(`${name}(null)`).ast as ASTNode & { op: 'call' };
  call.args[1][0] = node;
  return Object.assign(call, { start: node.start, end: node.end });
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 1;
}

/** How many values there are in one, itself included; stops counting beyond `most`. */
function sizeOf(value: unknown, most: number): number {
  const waiting = [value];
  let size = 0;
  while (waiting.length > 0 && size <= most) {
    size += 1;
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const inner of Object.values(next)) waiting.push(inner);
  }
  return size;
}
