// How long an address database makes a visitor wait, be it whole or one that no writer makes.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { rowsOf } from "../../../www/test/hostile-databases.mjs";
import { formatV4, formatV6 } from "../generate/addresses.mjs";
import { random } from "../generate/random.mjs";
import { BENCH, NATIVE, ROOT, SETS } from "../lib/places.mjs";
import { microseconds, number, table } from "../lib/report.mjs";

const FOLDER = join(SETS, "databases");
const ADDRESSES = 100_000;
/** What the hostile ones are asked for: see tests/it/mmdb/hostile.rs. */
const PROBES = ["8.8.8.8", "9.9.9.9", "2a00:1450::1"];
const BROKEN = "one that no writer makes";

export function databases({ passes, say }) {
  mkdirSync(FOLDER, { recursive: true });
  const names = new Map(writeBroken());
  const whole = readFileSync(join(ROOT, "tests/mmdb/same.txt"), "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const paths = whole.map((line) => join(ROOT, line.split("\t")[0]));
  const list = join(FOLDER, "list.json");
  const files = [...[...names.keys()].map((path) => ({ path, of: "few" })), ...paths.map((path) => ({ path, of: "many" }))];
  writeFileSync(list, JSON.stringify({ passes, addresses: { few: PROBES, many: drawn() }, files }));
  const data = {};
  for (const [key, command] of [["native", [NATIVE, JSON.stringify({ kind: "databases", peer: "ours", set: list })]], ["wasm", [process.execPath, join(BENCH, "databases/wasm.mjs"), list]]]) {
    say(`databases: ${files.length} files, ${key}`);
    const found = JSON.parse(execFileSync(command[0], command.slice(1), { encoding: "utf8", maxBuffer: 64 << 20 }));
    const broken = found.filter(({ path }) => names.has(path)).sort((a, b) => b.worstNs - a.worstNs);
    (data[BROKEN] ??= {})[key] = { worstNs: broken[0].worstNs, medianNs: broken[broken.length >> 1].medianNs, opened: broken.length, worst: names.get(broken[0].path) };
    for (const { path, ...times } of found.filter(({ path }) => !names.has(path))) (data[basename(path)] ??= {})[key] = times;
  }
  return { data, text: report(data, names.size, passes) };
}

/** Every row of tests/mmdb/stages.txt as a file, and every database that a sweep makes of one: path and name. */
function writeBroken() {
  const rows = rowsOf(readFileSync(join(ROOT, "tests/mmdb/stages.txt"), "utf8"));
  const made = rows.flatMap(({ name, how, bytes }) => {
    const whole = bytes();
    if (how === "whole") return [[name, whole]];
    return Array.from(whole, (byte, at) => {
      if (how === "cut") return [`${name}, at ${at}`, whole.subarray(0, at)];
      const flipped = whole.slice();
      flipped[at] = byte ^ (1 << at % 8);
      return [`${name}, at ${at}`, flipped];
    });
  });
  return made.map(([name, bytes], at) => {
    const path = join(FOLDER, `${at}.mmdb`);
    writeFileSync(path, bytes);
    return [path, name];
  });
}

/** Half of them IPv6, of the block where most are that are in use. */
function drawn() {
  const dice = random("databases");
  const v6 = () => (BigInt(0x2a00_0000 | (dice.next() >>> 8)) << 96n) | (BigInt(dice.next()) << 64n);
  return Array.from({ length: ADDRESSES }, (_, at) => (at % 2 === 0 ? formatV4(dice.next()) : formatV6(v6())));
}

function report(data, count, passes) {
  const rows = Object.entries(data).map(([name, { native, wasm }]) => [
    name === BROKEN ? `${number(native.opened, 6)} of ${number(count, 6)} that no writer makes` : `\`${name}\``,
    number(native.medianNs), microseconds(native.worstNs), number(wasm.medianNs), microseconds(wasm.worstNs),
  ]);
  const { native, wasm } = data[BROKEN];
  return `How long one look-up takes, on the wall: ${number(ADDRESSES, 6)} addresses in each whole database, ${PROBES.length} in each of the broken ones that open
(tests/mmdb/stages.txt, every row of it and everything that its sweeps make). Each address is looked for once in a database just opened, ${passes} times, and has
the median of these. The longest of the broken ones: natively "${native.worst}", in wasm "${wasm.worst}".

${table(["database", "native, median ns", "longest µs", "wasm in Node, median ns", "longest µs"], rows)}`;
}
