// How much wasm memory a page of 10 MiB takes beyond one of 20 KB, in pieces of 64 KB: FOLDER of the pages. In a process of its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readPage } from "../lib/pages.mjs";

const CHUNK_BYTES = 65_536;

const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memories.push(instance.exports.memory);
  return instance;
};
const { load } = await import("../rules/ours.mjs");

const [, , folder] = process.argv;
const nameplate = await load(folder);
const slots = JSON.parse(readFileSync(join(folder, "slots.json"), "utf8"));
const large = new Uint8Array(readPage(folder, 10_486));

function rewrite(page) {
  const rewriter = nameplate.rewriter({ slots });
  for (let at = 0; at < page.length; at += CHUNK_BYTES) rewriter.write(page.subarray(at, at + CHUNK_BYTES));
  rewriter.end();
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

const before = rewrite(large.subarray(0, 20_000));
process.stdout.write(JSON.stringify(rewrite(large) - before));
