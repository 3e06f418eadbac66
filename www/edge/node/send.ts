// The web's answer through Node's.

import type { ServerResponse } from "node:http";

/** The calls that send: Node's own, or what stands before them. */
export interface Way {
  write(this: ServerResponse, chunk: Uint8Array): boolean;
  end(this: ServerResponse): unknown;
  flushHeaders(this: ServerResponse): void;
  on(this: ServerResponse, event: "drain", listener: () => void): unknown;
}

/** Sends an answer no faster than it is taken. One that breaks off does so for the visitor too, once he has what came. */
export async function send({ status, statusText, headers, body }: Response, outgoing: ServerResponse, way: Way = outgoing): Promise<void> {
  try {
    outgoing.statusCode = status;
    if (statusText !== "") outgoing.statusMessage = statusText;
    putHeaders(headers, outgoing);
    if (body !== null) await sendBody(body.getReader(), outgoing, way);
    way.end.call(outgoing);
  } catch {
    outgoing.socket?.destroySoon();
  }
}

async function sendBody(reader: ReadableStreamDefaultReader<Uint8Array>, outgoing: ServerResponse, way: Way): Promise<void> {
  let goOn = () => {};
  const stop = () => {
    reader.cancel().catch(() => {});
    goOn();
  };
  if (outgoing.destroyed) return stop();
  outgoing.once("close", stop);
  way.on.call(outgoing, "drain", () => goOn());
  way.flushHeaders.call(outgoing);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const isTaken = way.write.call(outgoing, value) || outgoing.destroyed;
    if (!isTaken) await new Promise<void>((resolve) => (goOn = resolve));
  }
}

function putHeaders(headers: Headers, outgoing: ServerResponse): void {
  for (const name of outgoing.getHeaderNames()) if (!headers.has(name)) outgoing.removeHeader(name);
  for (const [name, value] of headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
}
