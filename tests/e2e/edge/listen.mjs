// A handler behind a server of Node's.

import { createServer } from "node:http";
import { Readable } from "node:stream";

/** What speaks of one connection, and is nothing for the next. */
const HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

export function listen(handle) {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const { method, headers, url } = incoming;
      const given = Object.entries(headers).filter(([name]) => !HOP.includes(name));
      const body = method === "GET" || method === "HEAD" ? null : Readable.toWeb(incoming);
      const response = await handle(new Request(`http://${headers.host}${url}`, { method, headers: given, body, duplex: "half", redirect: "manual" }));
      outgoing.writeHead(response.status, response.statusText, [...response.headers].flat());
      if (response.body === null) return outgoing.end();
      for await (const chunk of response.body) if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once("drain", resolve).once("close", resolve));
      outgoing.end();
    } catch {
      // The answer must not look whole.
      outgoing.destroy();
    }
  });
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
}
