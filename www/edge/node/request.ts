// Node's request as the web's.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Readable } from "node:stream";

/** Answers to these have no body, and the web's may not be given one. */
export const EMPTY = [204, 205, 304];
/** What speaks of one connection, and not of what goes over it. */
const OF_CONNECTION = ["connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/** Throws for what the web knows no request for. Its signal is told when the visitor goes before he has his answer. */
export function requestOf({ method = "GET", url = "/", socket, headers }: IncomingMessage, outgoing: ServerResponse, body: Readable | null): Request {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  // A path may begin with two slashes, and names no host by that.
  const address = url.startsWith("/") ? `http${"encrypted" in socket ? "s" : ""}://${headers.host ?? "localhost"}${url}` : url;
  const init = { method, headers: withoutConnection(pairsOf(headers)), signal: gone.signal };
  const withBody = body !== null && !["GET", "HEAD"].includes(method) ? { body: streamOf(body), duplex: "half" } : {};
  return new Request(address, { ...init, ...withBody });
}

/** A header that was sent several times, so many times. */
export function pairsOf(headers: OutgoingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, String(one)]));
}

/** The headers but those of the connection. */
export function withoutConnection(from: ConstructorParameters<typeof Headers>[0]): Headers {
  const headers = new Headers(from);
  const named = headers.get("connection")?.match(/[\w-]+/g) ?? [];
  for (const name of [...OF_CONNECTION, ...named]) headers.delete(name);
  return headers;
}

/** Read no faster than it is asked for. */
export function streamOf(readable: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = readable[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        readable.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
