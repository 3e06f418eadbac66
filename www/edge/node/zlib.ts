// Pages packed and unpacked by Node's zlib. With each piece it hands on all that it has, which the web's `CompressionStream` does not: a page
// that comes bit by bit goes on bit by bit.

import type { Transform } from "node:stream";
import { constants, createBrotliCompress, createBrotliDecompress, createGunzip, createGzip } from "node:zlib";
import type { Packing } from "../packing.ts";
import type { Stream } from "../stream.ts";

/** As servers pack what is made for one visitor: more would cost more time than it saves. */
const BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } };
const GZIP = { flush: constants.Z_SYNC_FLUSH };

/** For the option `packing` of `personalise` and `middleware`. */
export const packing: Packing = {
  packed: (body, coding) => through(body, coding === "br" ? createBrotliCompress(BROTLI) : createGzip(GZIP)),
  unpacked: (body, coding) => through(body, coding === "br" ? createBrotliDecompress() : createGunzip()),
};

/** A body that goes through `zip`, no faster than it is read. When it breaks off, what came is delivered first. */
function through(body: Stream, zip: Transform): Stream {
  const passage = new Passage(body.getReader(), zip);
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const part = await passage.next();
        if (part === null) controller.close();
        else controller.enqueue(part);
      },
      cancel: (reason) => passage.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

class Passage {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #zip: Transform;
  /** It works on a piece, or on the end. */
  #isBusy = false;
  #isOver = false;
  #failure: { error: unknown } | null = null;
  #wake: () => void = () => {};

  constructor(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, zip: Transform) {
    this.#reader = reader;
    this.#zip = zip;
    zip.on("readable", () => this.#wake());
    zip.on("end", () => this.#end(null));
    zip.on("error", (error) => this.#end({ error }));
  }

  /** What comes next; `null` behind the last. */
  async next(): Promise<Uint8Array<ArrayBuffer> | null> {
    for (;;) {
      const part = this.#zip.read() as Uint8Array<ArrayBuffer> | null;
      if (part !== null) return part;
      if (this.#failure !== null) return this.#fail(this.#failure.error);
      if (this.#isOver) return null;
      if (this.#isBusy) await new Promise<void>((resolve) => (this.#wake = resolve));
      else await this.#feed();
    }
  }

  cancel(reason: unknown): Promise<void> {
    this.#zip.destroy();
    return this.#reader.cancel(reason);
  }

  async #feed(): Promise<void> {
    try {
      const { done, value } = await this.#reader.read();
      this.#isBusy = true;
      if (done) this.#zip.end();
      else this.#zip.write(value, () => this.#rest());
    } catch (error) {
      this.#end({ error });
    }
  }

  #rest(): void {
    this.#isBusy = false;
    this.#wake();
  }

  #end(failure: { error: unknown } | null): void {
    this.#isOver = true;
    this.#failure ??= failure;
    this.#wake();
  }

  #fail(error: unknown): never {
    this.cancel(error).catch(() => {});
    throw error;
  }
}
