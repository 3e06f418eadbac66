// Servers on free ports, and what a client sees of them, byte for byte.

import { createServer, request } from "node:http";
import { pageRequest } from "./world.mjs";

/** A server that answers so, on a port that the system picks. `port` and `stop`. */
export async function serve(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port: server.address().port, stop };
}

/** What a browser sends that goes to the page at `path`, from the address `ip`. */
export function navigation(path, ip, headers = {}) {
  return { path, headers: { ...Object.fromEntries(pageRequest(ip).headers), host: "www.tidewater.example", ...headers } };
}

/** What came: all but the date. */
export function ask(port, { body, ...options }) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, agent: false, ...options }, (response) => {
      const { statusCode: status, statusMessage, headers: { date, ...headers } } = response;
      const chunks = [];
      const end = () => resolve({ status, statusMessage, headers, body: Buffer.concat(chunks), isWhole: response.complete });
      response.on("data", (chunk) => chunks.push(chunk)).on("error", () => {}).once("close", end);
    });
    outgoing.once("error", reject).end(body);
  });
}
