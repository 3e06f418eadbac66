// What a browser downloads stays as small as tests/bench/sizes.txt says. A figure changes only together with that file:
// `NAMEPLATE_WRITE=1 npm test`.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { sampleSlice } from "./sample.mjs";

const FILES = ["core.wasm", "core.js", "edge.wasm", "geo.wasm", "tag.js", "tag-runtime.js"];
/** What a browser never downloads is in the package alone. */
const fileOf = (name) => (name === "geo.wasm" ? "lib/nameplate_geo.wasm" : name);
/** The core, brotli: what is promised. */
const CORE_BYTES_MAX = 60_000;
/** What a page loads before anything else of ours, brotli. */
const TAG_BYTES_MAX = 3_000;
/** A server's module, brotli. */
const EDGE_BYTES_MAX = 120_000;
/** What a first page view downloads in all, with a slice of the sample, brotli. */
const VIEW_BYTES_MAX = 75_000;
/** Those of the sample whose slices are the largest. */
const ACCOUNTS = ["lanxess", "siemens"];
/** Two compilers do not write the same bytes. */
const GROWTH_MAX = 1.02;

const list = new URL("../../tests/bench/sizes.txt", import.meta.url);
const head = "# Bytes of what a browser downloads: raw, gzip, brotli. Written by `NAMEPLATE_WRITE=1 npm test` in www.\n";

const sizes = FILES.map((name) => {
  const bytes = readFileSync(new URL(`../dist/${fileOf(name)}`, import.meta.url));
  return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
});

if (process.env.NAMEPLATE_WRITE) {
  const row = ({ name, raw, gzip, brotli }) => `${name.padEnd(16)}${[raw, gzip, brotli].map((n) => `${n}`.padStart(10)).join("")}\n`;
  writeFileSync(list, head + sizes.map(row).join(""));
}
const kept = new Map(
  readFileSync(list, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/))
    .map(([name, , , brotli]) => [name, Number(brotli)]),
);

test("what a browser downloads has not grown", () => {
  for (const { name, brotli } of sizes) {
    const before = kept.get(name);
    assert.ok(before > 0, `${list.pathname} has no ${name}`);
    assert.ok(brotli <= before * GROWTH_MAX, `${name} is ${brotli} bytes after brotli; sizes.txt says ${before}`);
  }
});

test("the core is within its promise", () => {
  const core = sizes.find(({ name }) => name === "core.wasm");
  assert.ok(core.brotli <= CORE_BYTES_MAX, `core.wasm is ${core.brotli} bytes after brotli`);
});

test("the tag is within its promise", () => {
  const tag = sizes.find(({ name }) => name === "tag.js");
  assert.ok(tag.brotli <= TAG_BYTES_MAX, `tag.js is ${tag.brotli} bytes after brotli`);
});

test("the edge is within its promise", () => {
  // As it was written down: another compiler may need a little more.
  assert.ok(kept.get("edge.wasm") <= EDGE_BYTES_MAX, `edge.wasm is ${kept.get("edge.wasm")} bytes after brotli`);
});

test("the documents say what the files are, in KB after brotli", () => {
  const tag = readFileSync(new URL("../../docs/tag.md", import.meta.url), "utf8");
  for (const { name, brotli } of sizes.filter((one) => tag.includes(`| \`${one.name}\` | `))) {
    const [, said] = new RegExp(`\\| \`${name}\` \\| ([0-9.]+) KB`).exec(tag);
    assert.ok(Math.abs(Number(said) * 1000 - brotli) <= brotli * (GROWTH_MAX - 1) + 50, `docs/tag.md says ${said} KB of ${name}, which is ${brotli} bytes`);
  }
  const edge = readFileSync(new URL("../../docs/edge.md", import.meta.url), "utf8");
  const [, said] = /module of \d+ KB \(\d+ KB by gzip, (\d+) KB by brotli/.exec(edge);
  const { brotli } = sizes.find(({ name }) => name === "edge.wasm");
  assert.ok(Math.abs(Number(said) * 1000 - brotli) <= brotli * (GROWTH_MAX - 1) + 500, `docs/edge.md says ${said} KB of edge.wasm, which is ${brotli} bytes`);
});

test("what a first page view downloads is within its promise", () => {
  const files = sizes.filter(({ name }) => ["tag.js", "tag-runtime.js", "core.wasm"].includes(name));
  assert.equal(files.length, 3);
  const ours = files.reduce((sum, { brotli }) => sum + brotli, 0);
  for (const whose of [["--stranger"], ...ACCOUNTS.map((id) => ["--account", id])]) {
    const slice = brotliCompressSync(sampleSlice(whose)).length;
    assert.ok(ours + slice <= VIEW_BYTES_MAX, `${ours} bytes after brotli, and ${slice} of the slice for ${whose.join(" ")}`);
  }
});
