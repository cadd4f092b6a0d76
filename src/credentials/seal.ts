import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

const bytes = (length: number) => z.base64().refine((text) => Buffer.from(text, 'base64').length === length);

/** A text that only the key opens, in base64. */
export const sealedSchema = z.strictObject({
  nonce: bytes(nonceBytes),
  sealed: z.base64(),
  tag: bytes(tagBytes),
});

export type Sealed = z.infer<typeof sealedSchema>;

/** AES-256-GCM (NIST SP 800-38D) with a nonce of its own. `context` is not hidden, and must be the same to open it. */
export function seal(key: Buffer, text: string, context: string): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    nonce: nonce.toString('base64'),
    sealed: sealed.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

/** Null when the key or the context is another, or a single bit was changed. */
export function unseal(key: Buffer, { nonce, sealed, tag }: Sealed, context: string): string | null {
  const cipher = createDecipheriv(algorithm, key, Buffer.from(nonce, 'base64'), { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(context));
  cipher.setAuthTag(Buffer.from(tag, 'base64'));
  try {
    return Buffer.concat([cipher.update(Buffer.from(sealed, 'base64')), cipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
