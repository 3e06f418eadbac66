// Another server as the origin. Node's `fetch` would unpack what it answers and leave the headers that speak of the packed bytes.

import { type IncomingMessage, request as askHttp } from "node:http";
import { request as askHttps } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EMPTY, streamOf, withoutConnection } from "./request.ts";

/** Asks the server at `base`, `http://127.0.0.1:3000`, for the same path, under the name that the visitor has used. */
export function originAt(base: string): (request: Request, incoming?: { socket?: { remoteAddress?: string | undefined } }) => Promise<Response> {
  const { protocol, hostname, port } = new URL(base);
  const ask = protocol === "https:" ? askHttps : askHttp;
  // A name stands in brackets when it is an IPv6 address.
  const server = { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port };
  return async (request, incoming) => {
    const { pathname, search, host } = new URL(request.url);
    const headers = withoutConnection(request.headers);
    headers.set("host", host);
    const client = incoming?.socket?.remoteAddress;
    if (client !== undefined) headers.append("x-forwarded-for", client);
    const outgoing = ask({ ...server, method: request.method, path: pathname + search, headers: Object.fromEntries(headers), signal: request.signal });
    const answer = new Promise<IncomingMessage>((resolve, reject) => outgoing.once("response", resolve).on("error", reject));
    if (request.body === null) outgoing.end();
    else pipeline(Readable.fromWeb(request.body as never), outgoing).catch((error: Error) => outgoing.destroy(error));
    return responseOf(await answer, request.method);
  };
}

function responseOf(incoming: IncomingMessage, method: string): Response {
  const { statusCode: status = 502, statusMessage: statusText = "", rawHeaders } = incoming;
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, at): [string, string] => [rawHeaders[at * 2]!, rawHeaders[at * 2 + 1]!]);
  const isEmpty = method === "HEAD" || EMPTY.includes(status);
  if (isEmpty) incoming.resume();
  return new Response(isEmpty ? null : streamOf(incoming), { status, statusText, headers: withoutConnection(pairs) });
}
