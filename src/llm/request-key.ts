import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/index.ts';
import type { ChatRequest } from './chat.ts';

/** SHA-256 of everything that decides the answer, for recordings and the cache alike; the names of profiles do not. */
export function requestKey(request: ChatRequest): string {
  const { profile: _, standsFor: __, ...asked } = request;
  return createHash('sha256').update(canonicalJson(asked)).digest('hex');
}
