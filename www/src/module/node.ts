// Node and Bun: the wasm file lies next to this one. Read, not fetched: `fetch` of a file address fails in Node.

import { readFile } from "node:fs/promises";

export async function defaultModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./nameplate_bg.wasm", import.meta.url)));
}
