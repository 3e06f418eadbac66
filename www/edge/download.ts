// What a source of bundles or of databases gives: bytes, or an answer over HTTP, which may say that there is nothing new.

import type { Given } from "./index.ts";
import { unwanted, whole } from "./stream.ts";

/** Bytes, or a good answer with a body, and the version that their source names. */
interface Download {
  given: Uint8Array | ArrayBuffer | Response;
  etag: string | null;
}

/** Of a bundle and its seal: memory at the edge is small. */
const BYTE_MAX = 8 << 20;

/**
 * What `given` stands for; an address is fetched. `null` where it is what one already has, whose ETag is `known`: its body is then not
 * asked for. `known` is `undefined` where one has nothing.
 */
export async function download(given: Given, known: string | null | undefined): Promise<Download | null> {
  if (isBytes(given)) return { given, etag: null };
  const answer = isAnswer(given) ? given : await fetch(conditional(given, known ?? null));
  const { status, headers, body } = answer;
  const etag = headers.get("etag");
  const isKnown = known !== undefined && (status === 304 || (status === 200 && etag !== null && etag === known));
  if (isKnown || status !== 200 || body === null) {
    unwanted(body);
    if (isKnown) return null;
    throw new Error(`expected 200 or 304 from its source, found status ${status}`);
  }
  return { given: answer, etag };
}

/** The bytes of a bundle. */
export async function bytesOf(given: Download["given"]): Promise<Uint8Array | ArrayBuffer> {
  if (isBytes(given)) {
    if (given.byteLength > BYTE_MAX) throw tooLong();
    return given;
  }
  const body = given.body!;
  const bytes = Number(given.headers.get("content-length") ?? 0) > BYTE_MAX ? null : await whole(body, BYTE_MAX);
  if (bytes !== null) return bytes;
  unwanted(body);
  throw tooLong();
}

function isBytes(given: unknown): given is Uint8Array | ArrayBuffer {
  return given instanceof Uint8Array || Object.prototype.toString.call(given) === "[object ArrayBuffer]";
}

function isAnswer(given: Exclude<Given, Uint8Array | ArrayBuffer>): given is Response {
  if (typeof given === "string") return false;
  if (typeof given !== "object" || given === null) throw new Error("expected bytes, a response, or an address");
  return "status" in given;
}

function conditional(given: Request | URL | string, etag: string | null): Request {
  const request = new Request(given);
  if (etag !== null) request.headers.set("if-none-match", etag);
  return request;
}

function tooLong(): Error {
  return new Error(`expected a bundle of at most ${BYTE_MAX} bytes, found more`);
}
