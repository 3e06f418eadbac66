// Bodies as they are: copied on their way, let go, put together.

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

/** Lets go of a body. Nobody waits for that: half of a stream that was split waits for the other half. */
export function unwanted(body: ReadableStream | null): void {
  body?.cancel().catch(() => {});
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
