// The bytes of a page on their way through the rewriter, no faster than they are read.

import type { Rewriter } from "../src/index.ts";
import type { Packing } from "./packing.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes asked for at a time. To ask costs what it costs to rewrite some KB, and workerd gives 4 KB at a time to who does not say how much. */
const CHUNK = 65_536;

/** Bytes below which a piece is a crumb, how many in a row are too many, and the least milliseconds that they are said to have taken: clocks are coarse. */
const CRUMB = 64;
const CRUMBS = 32;
const CRUMBS_MS = 0.05;

/** Memory that pages were read into, for the next ones: to make it and collect it costs more than to read a short page. */
const spare: ArrayBuffer[] = [];
const SPARE_MAX = 8;

interface Piece {
  done: boolean;
  value?: Bytes | undefined;
}

interface Reader {
  /** Whether a body that came by HTTP ends where its length says: who has read so many bytes need not ask for more. */
  isExact: boolean;
  /** What there is; where it can choose, at most so many bytes, and no fewer than `least` unless the body ends. */
  read(most: number, least?: number): Promise<Piece>;
  /** Nobody holds what was read any more. */
  release(value: Bytes): void;
  cancel(reason: unknown): Promise<void>;
}

/** Only workerd's reader has this call. */
interface PatientReader extends ReadableStreamBYOBReader {
  readAtLeast?(least: number, room: Bytes): Promise<Piece>;
}

export function readerOf(body: ReadableStream<Bytes>): Reader {
  try {
    const reader: PatientReader = body.getReader({ mode: "byob" });
    return {
      // Others let go of a connection when its end was read, workerd with the last byte.
      isExact: reader.readAtLeast !== undefined,
      read(most, least = 1) {
        const room = new Uint8Array(spare.pop() ?? new ArrayBuffer(CHUNK), 0, most);
        return least > 1 && reader.readAtLeast !== undefined ? reader.readAtLeast(Math.min(least, most), room) : reader.read(room);
      },
      // A runtime may have put other memory in its place.
      release: ({ buffer }) => void (buffer.byteLength === CHUNK && spare.length < SPARE_MAX && spare.push(buffer)),
      cancel: (reason) => reader.cancel(reason),
    };
  } catch {
    const reader = body.getReader();
    // Their memory may be somebody's.
    return { isExact: false, read: () => reader.read(), release: () => {}, cancel: (reason) => reader.cancel(reason) };
  }
}

/** How long a body is: what its header says, and whether it came by HTTP, where that is so. Infinite where nobody knows. */
interface Length {
  bytes: number;
  isSure: boolean;
}

/**
 * The answer with the rewritten page. When the origin breaks off, what came is delivered first. One whose length is known goes out in one
 * piece if it comes in one: a stream would cost more than the rewriting.
 */
export async function rewritten(reader: Reader, rewriter: Rewriter, length: Length, answer: (body: ReadableStream<Bytes> | Bytes) => Response): Promise<Response> {
  const passage = new Passage(reader, rewriter, length);
  const parts: Bytes[] = [];
  try {
    for (let mayBeOne = length.bytes <= CHUNK; mayBeOne; mayBeOne = passage.isDue) {
      const part = await passage.next();
      if (part !== null) parts.push(part);
    }
  } catch {
    // Whoever reads gets what came, and then the error.
  }
  const [page] = parts;
  if (page !== undefined && parts.length === 1 && passage.isDone) {
    const response = answer(page);
    // An answer has a copy of its bytes. Only in workerd is that tested with pages of many at once.
    if (reader.isExact) reader.release(page);
    return response;
  }
  const body = new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const part = parts.shift() ?? (await passage.next());
        if (part === null) controller.close();
        else controller.enqueue(part);
      },
      cancel: (reason) => passage.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return answer(body);
}

class Passage {
  readonly #reader: Reader;
  readonly #rewriter: Rewriter;
  /** How many bytes are still to come, and whether that is sure. */
  #left: number;
  readonly #isSure: boolean;
  #isOver: boolean;
  #failure: { error: unknown } | null = null;
  readonly #crumbs = new Crumbs();

  constructor(reader: Reader, rewriter: Rewriter, { bytes, isSure }: Length) {
    this.#reader = reader;
    this.#rewriter = rewriter;
    this.#left = bytes;
    this.#isSure = isSure && reader.isExact;
    this.#isOver = this.#isSure && bytes === 0;
  }

  /** Whether all of it was given, and that is the whole page. */
  get isDone(): boolean {
    return this.#isOver && this.#failure === null;
  }

  /** Whether so much came as was said, but nobody knows whether that is the end. */
  get isDue(): boolean {
    return !this.#isOver && this.#left === 0;
  }

  /** The next bytes that are done, `null` behind the last. Throws what the origin broke off with when all that came was given. */
  async next(): Promise<Bytes | null> {
    while (!this.#isOver) {
      // One byte more than is left tells whether that is the end; where more came than was said, nothing is known.
      const most = this.#left < 0 ? CHUNK : Math.min(this.#left + Number(!this.#isSure), CHUNK);
      let value: Bytes | undefined;
      try {
        value = this.#came(await this.#reader.read(most, this.#crumbs.least));
      } catch (error) {
        this.#failure = { error };
      }
      this.#left -= value?.length ?? 0;
      this.#isOver = value === undefined || (this.#isSure && this.#left === 0);
      const part = this.#rewritten(value);
      // What passes through is the same piece, and so is what was put into its place.
      if (value !== undefined && value.buffer !== part.buffer) this.#reader.release(value);
      if (part.length > 0) return part as Bytes;
    }
    if (this.#failure !== null) throw this.#failure.error;
    return null;
  }

  /** The last bytes of a page are put into the place of themselves. */
  #rewritten(value: Bytes | undefined): Uint8Array {
    if (value === undefined) return this.#rewriter.end();
    return this.#isOver ? this.#rewriter.end(value, new Uint8Array(value.buffer)) : this.#rewriter.write(value);
  }

  /** What came, if anything did. */
  #came({ done, value }: Piece): Bytes | undefined {
    // What ends before so much came is done, with what there was.
    if (value === undefined || (done && value.length === 0)) {
      if (value !== undefined) this.#reader.release(value);
      return undefined;
    }
    this.#crumbs.came(value.length);
    return value;
  }

  cancel(reason: unknown): Promise<void> {
    this.#rewriter.cancel();
    return this.#reader.cancel(reason);
  }
}

/** A page in crumbs: to ask for each costs ten times what comes. */
class Crumbs {
  /** How many bytes to wait for: what came in a millisecond, where many crumbs came soon after each other. */
  least = 1;
  #count = 0;
  #bytes = 0;
  #since = 0;

  came(length: number): void {
    if (this.#count === 0) this.#since = performance.now();
    this.#count = length < CRUMB ? this.#count + 1 : 0;
    this.#bytes = this.#count === 0 ? 0 : this.#bytes + length;
    this.least = 1;
    if (this.#count < CRUMBS) return;
    this.least = Math.max(1, Math.floor(this.#bytes / Math.max(performance.now() - this.#since, CRUMBS_MS)));
    this.#count = this.#bytes = 0;
  }
}

/**
 * A body that says to be packed, unpacked. Many runtimes have done so already when they hand it over, and leave the header: its first
 * bytes tell. No page begins as gzip does, and nothing that Brotli makes with `<`; what begins with neither is tried.
 */
export async function unpacked(reader: Reader, encoding: string, packing: Packing | undefined): Promise<Reader> {
  const head: Bytes[] = [];
  const first: number[] = [];
  try {
    while (first.length < 2) {
      const { done, value } = await reader.read(CHUNK);
      if (done || value === undefined) break;
      head.push(value);
      first.push(...value.subarray(0, 2));
    }
  } catch {
    // The next reading says it again.
  }
  if (encoding === "br" && packing !== undefined) return first[0] === 0x3c ? behind(head, reader) : tried(behind(head, reader), (body) => packing.unpacked(body, "br"));
  if (first[0] !== 0x1f || first[1] !== 0x8b) return behind(head, reader);
  return readerOf(streamOf(behind(head, reader)).pipeThrough(new DecompressionStream("gzip")));
}

/** What was read, and then the rest. */
function behind(head: readonly Bytes[], reader: Reader): Reader {
  const left = [...head];
  const read = async (most: number) => {
    const value = left.shift();
    return value === undefined ? reader.read(most) : { done: false, value };
  };
  return { isExact: reader.isExact, read, release: (value) => reader.release(value), cancel: (reason) => reader.cancel(reason) };
}

function streamOf(reader: Reader): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const { done, value } = await reader.read(CHUNK);
        if (done || value === undefined) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** What `unpack` makes of it. What is not packed it refuses before it gives anything: then the bytes go on as they came. */
async function tried(reader: Reader, unpack: (body: ReadableStream<Bytes>) => ReadableStream<Bytes>): Promise<Reader> {
  const taken: Bytes[] = [];
  let isTrying = true;
  const read = async (most: number) => {
    const { done, value } = await reader.read(most);
    if (isTrying && value !== undefined) taken.push(value.slice());
    return { done, value };
  };
  // A reader that is let go of lets go of all: not of one that may still be read.
  const cancel = (reason: unknown) => (isTrying ? Promise.resolve() : reader.cancel(reason));
  const plain = readerOf(unpack(streamOf({ ...reader, read, cancel })));
  try {
    const { value } = await plain.read(CHUNK);
    isTrying = false;
    return behind(value === undefined ? [] : [value], plain);
  } catch {
    return behind(taken, reader);
  }
}
