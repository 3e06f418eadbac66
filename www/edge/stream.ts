// Bodies as they are: read whole, copied on their way, let go.

import { joined } from "../src/joined.ts";

export type Stream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** The same body. `whole` gets a copy of all of it when it has come; `null` when it does not, or is longer than `max`. */
export function copied(body: Stream, max: number, whole: (bytes: Uint8Array<ArrayBuffer> | null) => void): Stream {
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((error: unknown) => (whole(null), Promise.reject(error)));
        if (done) {
          whole(length > max ? null : joined(parts));
          return controller.close();
        }
        length += value.length;
        if (length > max) parts.length = 0;
        // Who reads it may change it.
        else parts.push(value.slice());
        controller.enqueue(value);
      },
      cancel(reason) {
        whole(null);
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** All of a body; `null` where it is longer than `max`. What is left of it is the caller's to read or to let go. */
export async function whole(body: ReadableStream<Uint8Array>, max: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  try {
    for (let length = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return joined(parts);
      length += value.length;
      if (length > max) return null;
      parts.push(value);
    }
  } finally {
    reader.releaseLock();
  }
}

/** Lets go of a body. Nobody waits for that: half of a stream that was split waits for the other half. */
export function unwanted(body: ReadableStream | null): void {
  body?.cancel().catch(() => {});
}
