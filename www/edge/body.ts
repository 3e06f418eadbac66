// The bytes of a page on their way through the rewriter, no faster than they are read.

import type { Rewriter } from "../src/index.ts";

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** The rewritten page. When the origin breaks off, what came is delivered first. */
export function rewritten(body: Bytes, rewriter: Rewriter): Bytes {
  const reader = body.getReader();
  let failure: { error: unknown } | null = null;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const give = (bytes: Uint8Array) => {
          if (bytes.length > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
          return bytes.length > 0;
        };
        try {
          if (failure !== null) throw failure.error;
          // A call must give something.
          for (;;) {
            const { done, value } = await reader.read();
            if (!done && give(rewriter.write(value))) return;
            if (!done) continue;
            give(rewriter.end());
            return controller.close();
          }
        } catch (error) {
          // An error takes with it what nobody has read yet: it comes with the next call.
          const isNew = failure === null;
          failure = { error };
          if (!isNew || !give(rewriter.end())) controller.error(error);
        }
      },
      cancel(reason) {
        rewriter.cancel();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * A body that says to be packed by gzip, unpacked. Many runtimes have done so already when they hand it over, and leave the header:
 * its first bytes tell, for no page begins with them.
 */
export async function unpacked(body: Bytes): Promise<Bytes> {
  const reader = body.getReader();
  const head: Uint8Array<ArrayBuffer>[] = [];
  const first: number[] = [];
  try {
    while (first.length < 2) {
      const { done, value } = await reader.read();
      if (done) break;
      head.push(value);
      first.push(...value.subarray(0, 2));
    }
  } catch {
    // The next reading says it again.
  }
  const whole = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const kept = head.shift();
        const { done, value } = kept === undefined ? await reader.read() : { done: false, value: kept };
        if (done || value === undefined) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return first[0] === 0x1f && first[1] === 0x8b ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
}
