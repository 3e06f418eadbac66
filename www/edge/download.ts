// What a source of bundles gives: bytes, or an answer over HTTP, which may say that there is nothing new.

import { joined } from "../src/joined.ts";
import type { Given } from "./index.ts";
import { unwanted } from "./stream.ts";

/** Bytes, and the version that their source names. */
interface Download {
  bytes: Uint8Array | ArrayBuffer;
  etag: string | null;
}

/** Of a bundle and its seal: memory at the edge is small. */
const BYTE_MAX = 8 << 20;

/**
 * What `given` stands for; an address is fetched. `null` where it is what one already has, whose ETag is `known`: its body is then not
 * asked for. `known` is `undefined` where one has nothing.
 */
export async function download(given: Given, known: string | null | undefined): Promise<Download | null> {
  if (isBytes(given)) return { bytes: limited(given), etag: null };
  const answer = isAnswer(given) ? given : await fetch(conditional(given, known ?? null));
  const { status, headers, body } = answer;
  const etag = headers.get("etag");
  const isKnown = known !== undefined && (status === 304 || (status === 200 && etag !== null && etag === known));
  if (isKnown || status !== 200 || body === null) {
    unwanted(body);
    if (isKnown) return null;
    throw new Error(`expected a bundle from its source, found status ${status}`);
  }
  return { bytes: await read(body, Number(headers.get("content-length") ?? 0)), etag };
}

function isBytes(given: Given): given is Uint8Array | ArrayBuffer {
  return given instanceof Uint8Array || Object.prototype.toString.call(given) === "[object ArrayBuffer]";
}

function isAnswer(given: Exclude<Given, Uint8Array | ArrayBuffer>): given is Response {
  if (typeof given === "string") return false;
  if (typeof given !== "object" || given === null) throw new Error("a bundle is expected as bytes, as a response, or as an address");
  return "status" in given;
}

function conditional(given: Request | URL | string, etag: string | null): Request {
  const request = new Request(given);
  if (etag !== null) request.headers.set("if-none-match", etag);
  return request;
}

async function read(body: ReadableStream<Uint8Array>, length: number): Promise<Uint8Array> {
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  try {
    expectFits(length);
    for (let sum = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return joined(parts);
      sum += value.length;
      expectFits(sum);
      parts.push(value);
    }
  } catch (error) {
    // What has failed cannot be cancelled, and need not be.
    reader.cancel().catch(() => {});
    throw error;
  }
}

function limited<T extends Uint8Array | ArrayBuffer>(bytes: T): T {
  expectFits(bytes.byteLength);
  return bytes;
}

function expectFits(length: number): void {
  if (length > BYTE_MAX) throw new Error(`expected a bundle of at most ${BYTE_MAX} bytes, found ${length} or more`);
}
