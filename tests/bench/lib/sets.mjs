// Makes sets, each in a process of its own: the largest needs memory that nobody else should carry.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { BENCH, PROGRAM, SETS } from "./places.mjs";

/** The folder of a set, made unless it is there. `{ rules, accounts, addresses, withoutNetworks }` */
export function makeSet({ rules, accounts, addresses = false, withoutNetworks = false }) {
  const name = `${rules}-rules-${accounts}-accounts${withoutNetworks ? "-no-networks" : ""}`;
  const flags = ["--rules", rules, "--accounts", accounts, ...(addresses ? ["--addresses"] : []), ...(withoutNetworks ? ["--no-networks"] : [])];
  execFileSync(process.execPath, ["--max-old-space-size=8192", join(BENCH, "generate/main.mjs"), ...flags.map(String)], { stdio: ["ignore", 2, "inherit"] });
  return join(SETS, name);
}

/** What the compiler took, and said of it: `{ milliseconds, peakBytes, said }`. */
export const built = (folder) => JSON.parse(readFileSync(join(folder, "build.json"), "utf8"));

/** A bundle's sections as `nameplate inspect` lists them: `{ name, bytes, offset }`. */
export function sections(bundle) {
  const lines = execFileSync(PROGRAM, ["inspect", bundle], { encoding: "utf8" }).split("\n");
  const from = lines.findIndex((line) => /^section\s+items\s+bytes\s+offset/.test(line));
  return lines.slice(from + 1).flatMap((line) => {
    const [, name, bytes, offset] = /^(\S.*?)\s+(?:-|\d+)\s+(\d+)\s+(\d+)$/.exec(line) ?? [];
    return name ? [{ name, bytes: Number(bytes), offset: Number(offset) }] : [];
  });
}
