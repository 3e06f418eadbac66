// The sample site's bundle and sources, and chance that repeats itself, for all tests of the built package. `NAMEPLATE_BUNDLE` names another bundle.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export { seeded } from "./seeded.mjs";

const root = new URL("../../", import.meta.url);

export const bundle = process.env.NAMEPLATE_BUNDLE ?? fileURLToPath(new URL("target/site.npb", root));
export const program = process.env.NAMEPLATE_PROGRAM ?? fileURLToPath(new URL("target/release/nameplate", root));

export function sampleBytes() {
  try {
    return readFileSync(bundle);
  } catch (cause) {
    throw new Error(`these tests need a bundle at ${bundle}: nameplate build data/site -o target/site.npb`, { cause });
  }
}

/** What the visitors are sent whom these options of `nameplate slice` name. */
export function sampleSlice(whose) {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-slice-"));
  const output = join(folder, "slice");
  execFileSync(program, ["slice", bundle, "-o", output, ...whose]);
  const bytes = readFileSync(output);
  rmSync(folder, { recursive: true });
  return bytes;
}

/** The bundle of these sources. */
export function siteBytes(files) {
  const folder = mkdtempSync(join(tmpdir(), "nameplate-site-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const output = join(folder, "site.npb");
    execFileSync(program, ["build", folder, "-o", output], { stdio: "pipe" });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function wasmBytes() {
  return readFileSync(new URL("www/dist/lib/nameplate_bg.wasm", root));
}

/** The rows of the sample's networks.csv: `{ prefix, account, confidence, source }`. */
export function sampleNetworks() {
  const [head, ...lines] = readFileSync(new URL("data/site/networks.csv", root), "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  // A cell with a comma in it stands in quotes, and a quote in those twice.
  const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, index) => [names[index], cell])));
}

/** What `nameplate decide --batch` answers to these visits, line by line. */
export async function decideNatively(visits, options) {
  const child = spawn(program, ["decide", bundle, "--batch", ...options], { stdio: ["pipe", "pipe", "inherit"] });
  const output = (async () => {
    const chunks = [];
    for await (const chunk of child.stdout) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8").trimEnd().split("\n");
  })();
  child.stdin.end(visits.map((visit) => `${JSON.stringify(visit)}\n`).join(""));
  return output;
}
