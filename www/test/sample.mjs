// The sample site's bundle and sources, and chance that repeats itself, for all tests of the built package. `NAMEPLATE_BUNDLE` names another bundle.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

export function sampleBytes() {
  const path = process.env.NAMEPLATE_BUNDLE ?? fileURLToPath(new URL("target/site.npb", root));
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`these tests need a bundle at ${path}: nameplate build data/site -o target/site.npb`, { cause });
  }
}

export function wasmBytes() {
  return readFileSync(new URL("www/dist/lib/nameplate_bg.wasm", root));
}

/** The rows of the sample's networks.csv: `{ prefix, account, confidence, source }`. */
export function sampleNetworks() {
  const [head, ...lines] = readFileSync(new URL("data/site/networks.csv", root), "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  return lines
    .filter((line) => !line.includes('"'))
    .map((line) => Object.fromEntries(line.split(",").map((cell, index) => [names[index], cell])));
}

/** mulberry32: numbers in [0, 1) that are the same in every run. */
export function seeded(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
