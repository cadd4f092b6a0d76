/** What a client of PostgreSQL's protocol 3.0 asks for, in units that must not be torn apart. */
export type WireBatch =
  | {
      readonly kind: 'run';
      readonly messages: Uint8Array;
      /** The server answers it with "ready for query": the unit is complete. */
      readonly ready: boolean;
    }
  /** The client asks for encryption, which a local socket has no need of. */
  | { readonly kind: 'no-encryption' }
  | { readonly kind: 'end' };

const code = (letter: string) => letter.charCodeAt(0);
const [query, sync, flush, terminate] = [code('Q'), code('S'), code('H'), code('X')];
const sslRequest = 80877103;
const gssRequest = 80877104;
const cancelRequest = 80877102;

/**
 * Cuts a client's bytes into batches. A parameterised query is five messages ending in Sync; run one by one, another
 * client's could come between and replace the unnamed statement they share.
 */
export function createWireReader(): { read(bytes: Uint8Array): readonly WireBatch[] } {
  let pending: Buffer = Buffer.alloc(0);
  let started = false;

  const readOpening = (): WireBatch | null => {
    const length = pending.length < 8 ? Number.POSITIVE_INFINITY : pending.readUInt32BE(0);
    if (pending.length < length) return null;
    const request = pending.readUInt32BE(4);
    const messages = new Uint8Array(pending.subarray(0, length));
    pending = pending.subarray(length);
    if (request === sslRequest || request === gssRequest) return { kind: 'no-encryption' };
    // Nothing runs beside the statement that could be cancelled; the protocol expects no answer.
    if (request === cancelRequest) return { kind: 'end' };
    started = true;
    return { kind: 'run', messages, ready: true };
  };
  const readBatch = (): WireBatch | null => {
    for (let at = 0; at + 5 <= pending.length; ) {
      const type = pending[at];
      at += 1 + pending.readUInt32BE(at + 1);
      if (at > pending.length) return null;
      if (type === terminate) return { kind: 'end' };
      if (type === query || type === sync || type === flush) {
        const messages = new Uint8Array(pending.subarray(0, at));
        pending = pending.subarray(at);
        return { kind: 'run', messages, ready: type !== flush };
      }
    }
    return null;
  };
  return {
    read(bytes) {
      pending = Buffer.concat([pending, bytes]);
      const batches: WireBatch[] = [];
      for (;;) {
        const batch = started ? readBatch() : readOpening();
        if (batch === null) return batches;
        batches.push(batch);
        if (batch.kind === 'end') return batches;
      }
    },
  };
}
