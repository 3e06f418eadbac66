// Starts `nameplate preview`, fetches what a browser would, and checks that it is what it should be.
//
//   node scripts/check-preview.mjs PROGRAM SITE BUNDLE

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [program, site, bundle] = process.argv.slice(2);
const server = spawn(program, ["preview", site, "--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
try {
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).once("line", resolve);
    server.once("exit", (code) => reject(new Error(`the preview ended with ${code}`)));
  });
  for (const [path, text] of [
    ["/", "studio.js"],
    ["/np/studio.js", "EventSource"],
    ["/np/studio.css", "{"],
    ["/np/tag.js", "site.npb"],
    ["/np/core.wasm", "\0asm"],
    ["/np/edge.wasm", "\0asm"],
    ["/np/state", '"ok":true'],
    ["/site/", "/np/tag.js"],
    ["/site/pricing", "/np/tag.js"],
    ["/site/customers", "/np/tag.js"],
  ]) {
    const body = await get(address + path);
    if (!body.includes(text)) throw new Error(`${path} does not hold ${JSON.stringify(text)}`);
    console.log(`checked ${path}, ${body.length} bytes`);
  }
  if (!(await get(`${address}/np/site.npb`)).equals(readFileSync(bundle))) {
    throw new Error("the preview's bundle is not the one that `nameplate build` wrote");
  }
  console.log("checked /np/site.npb: the bytes that `nameplate build` wrote");
  console.log("the demo works");
} finally {
  server.kill();
}

async function get(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
