// What the numbers were taken on and with.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";

import { BENCH, ROOT } from "./places.mjs";

const said = (program, ...args) => execFileSync(program, args, { encoding: "utf8", cwd: ROOT }).trim();

export function machine() {
  const [cpu] = cpus();
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  return [
    ["processor", `${cpu.model.trim()}, ${cpus().length} cores`],
    ["memory", `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["system", `${system}, ${type()} ${release()}`],
    ["load average at the start", loadavg().map((load) => load.toFixed(2)).join(" ")],
    ["Node", `${process.version}, V8 ${process.versions.v8}`],
    ["Rust", said("rustc", "--version")],
    ["Nameplate", `${said("git", "describe", "--always", "--dirty")}, ${said("git", "log", "-1", "--format=%cs")}`],
  ];
}

/** Versions of every npm package asked for and of every crate. */
export function versions() {
  const wanted = Object.keys(JSON.parse(readFileSync(join(BENCH, "package.json"), "utf8")).dependencies);
  const npm = wanted.map((name) => `${name} ${JSON.parse(readFileSync(join(BENCH, "node_modules", name, "package.json"), "utf8")).version}`);
  const lock = readFileSync(join(BENCH, "native/Cargo.lock"), "utf8");
  const crates = ["a-tree", "cel", "datalogic-rs", "ip_network_table", "maxminddb", "poptrie", "prefix-trie", "unleash-yggdrasil"].map(
    (name) => `${name} ${new RegExp(`name = "${name}"\nversion = "(.*)"`).exec(lock)[1]}`,
  );
  return { npm, crates };
}
