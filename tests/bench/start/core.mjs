// The browser's core in a fresh process: compile it, instantiate it, open the slice of one visitor. CORE SLICE
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { DIST } from "../lib/places.mjs";
import { report } from "./report.mjs";

const { Nameplate } = await import(pathToFileURL(join(DIST, "lib/node.js")).href);
const [wasm, slice] = process.argv.slice(2).map((file) => readFileSync(file));
// Node loads its cryptography when it is first asked for; a browser has it.
await crypto.subtle.digest("SHA-256", new Uint8Array());
const began = performance.now();
const module = await WebAssembly.compile(wasm);
const compiled = performance.now();
const nameplate = await Nameplate.load(slice, { module });
const opened = performance.now();
const answer = nameplate.decide({ url: "https://www.tidewater.example/" }).reasons.length;
report({ compileMs: compiled - began, openMs: opened - compiled, firstMs: performance.now() - opened, answer });
