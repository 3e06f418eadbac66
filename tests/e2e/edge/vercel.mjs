// Vercel's edge, as its package `edge-runtime` has it: a context without files and without compiling, in Node.

import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { listener } from "nameplate/node";

const { EdgeRuntime } = (await import(process.argv[2])).default;
const platformModules = {};
for (const name of readdirSync(".").filter((name) => name.endsWith(".wasm"))) platformModules[name] = await WebAssembly.compile(readFileSync(name));
const runtime = new EdgeRuntime({ initialCode: readFileSync("main.js", "utf8"), extend: (context) => Object.assign(context, { platformModules }) });
const server = createServer(listener(({ url, method, headers, body }) => runtime.dispatchFetch(url, { method, headers: [...headers], body, duplex: "half" })));
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
