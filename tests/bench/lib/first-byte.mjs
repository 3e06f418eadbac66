// How long a visitor waits for the first byte of a page's body.

import { Agent, request } from "node:http";

/** Microseconds, one after the other over one connection: as many as `count`. */
export async function firstBytes(url, headers, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const found = [];
  for (let at = 0; at < count; at++) found.push(await firstByte(url, { headers, agent }));
  agent.destroy();
  return found;
}

function firstByte(url, options) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    let waited;
    const asked = request(url, options, (answer) => {
      answer.on("data", () => (waited ??= Number(process.hrtime.bigint() - began) / 1e3));
      answer.once("error", reject).once("end", () => resolve(waited));
    });
    asked.once("error", reject).end();
  });
}
