import { canonicalJson, type JsonValue } from '../core/index.ts';
import type { ChatMessage, ChatRequest } from './chat.ts';

/** Length of what two requests have in common from the beginning: good enough to find the one that was meant. */
export function likeness(a: ChatRequest, b: ChatRequest): number {
  return commonLength(canonicalJson(a.messages), canonicalJson(b.messages));
}

/** Where a request first departs from a recorded one, in words. */
export function firstDifference(recorded: ChatRequest, asked: ChatRequest): string {
  for (const field of ['provider', 'model', 'temperature', 'maxTokens'] as const) {
    if (recorded[field] !== asked[field]) {
      return `${field} was ${JSON.stringify(recorded[field])} and is ${JSON.stringify(asked[field])}`;
    }
  }
  for (let index = 0; index < Math.max(recorded.messages.length, asked.messages.length); index++) {
    const difference = messageDifference(recorded.messages[index], asked.messages[index]);
    if (difference !== null) return `message ${index + 1} ${difference}`;
  }
  const [was, is] = [canonicalJson(recorded.schema), canonicalJson(asked.schema)];
  if (was !== is) return `the answer's schema was ${around(was, is)} and is ${around(is, was)}`;
  const [could, can] = [canonicalJson(recorded.tools ?? null), canonicalJson(asked.tools ?? null)];
  if (could !== can) return `the tools were ${around(could, can)} and are ${around(can, could)}`;
  return 'it is the same request, asked once more often than recorded';
}

function messageDifference(was: ChatMessage | undefined, is: ChatMessage | undefined): string | null {
  if (was === undefined) return 'was not sent then';
  if (is === undefined) return 'is not sent now';
  if (was.role !== is.role) return `was from ${was.role} and is from ${is.role}`;
  return contentDifference(was, is) ?? toolDifference(was, is);
}

function contentDifference(was: ChatMessage, is: ChatMessage): string | null {
  const recordedLines = was.content.split('\n');
  const askedLines = is.content.split('\n');
  const line = recordedLines.findIndex((text, index) => text !== askedLines[index]);
  const at = line >= 0 ? line : recordedLines.length;
  const [before, now] = [recordedLines[at], askedLines[at]];
  if (before === now) return null;
  return `(${was.role}), line ${at + 1}, was ${around(before, now)} and is ${around(now, before)}`;
}

/** What was said is the same; what tools it calls, or which call it answers, may not be. */
function toolDifference(was: ChatMessage, is: ChatMessage): string | null {
  const [before, now] = [was, is].map((message) => canonicalJson(callsIn(message)));
  if (before === now) return null;
  return `(${was.role}), calls of tools, was ${around(before, now)} and is ${around(now, before)}`;
}

function callsIn(message: ChatMessage): JsonValue {
  if (message.role === 'tool') return message.toolCallId;
  return message.role === 'assistant' ? (message.toolCalls ?? []).map((call) => ({ ...call })) : null;
}

/** The part of `text` where it departs from `other`. */
function around(text: string | undefined, other: string | undefined): string {
  if (text === undefined) return 'absent';
  const start = Math.max(0, commonLength(text, other ?? '') - 30);
  const part = text.slice(start, start + 90);
  return `"${start > 0 ? '…' : ''}${part}${start + 90 < text.length ? '…' : ''}"`;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
