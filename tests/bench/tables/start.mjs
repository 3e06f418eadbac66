// Time to the first decision in a fresh process.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { median } from "../lib/contenders.mjs";
import { BENCH } from "../lib/places.mjs";
import { number, table } from "../lib/report.mjs";
import { translate } from "../rules/growthbook.mjs";

const PROGRAMS = ["empty", "ours", "growthbook"];

/** `sets`: rules -> folder. */
export async function start(sets, { runs, say }) {
  const data = {};
  for (const [size, folder] of sets) {
    say(`start: ${number(size, 6)} rules`);
    const set = JSON.parse(readFileSync(join(folder, "set.json"), "utf8"));
    writeFileSync(join(folder, "first-visit.json"), JSON.stringify(set.known[0]));
    writeFileSync(join(folder, "growthbook.json"), translate(set.rules, "first"));
    const found = Object.fromEntries(PROGRAMS.map((name) => [name, []]));
    // One turn more than is counted: the first reads files from the disk.
    for (let run = 0; run <= runs; run++) {
      for (const name of PROGRAMS) {
        const said = execFileSync(process.execPath, [join(BENCH, "start", `${name}.mjs`), folder], { encoding: "utf8" });
        if (run > 0) found[name].push(JSON.parse(said));
      }
    }
    if (found.ours[0].answer !== found.growthbook[0].answer) throw new Error("the two fill different slots");
    const of = (name, key) => median(found[name].map((run) => run[key]));
    data[size] = Object.fromEntries(PROGRAMS.map((name) => [name, { cpu: of(name, "cpuMs") - (name === "empty" ? 0 : of("empty", "cpuMs")), wall: of(name, "wallMs") - (name === "empty" ? 0 : of("empty", "wallMs")), open: of(name, "openMs"), first: of(name, "firstMs") }]));
  }
  const rows = Object.entries(data).flatMap(([size, found]) =>
    ["ours", "growthbook"].map((name) => [
      number(Number(size), 6),
      name === "ours" ? "**Nameplate**" : "`@growthbook/growthbook`",
      number(found[name].cpu),
      number(found[name].wall),
      number(found[name].open),
      number(found[name].first),
      number(found[name].cpu / found.ours.cpu),
    ]),
  );
  const empty = Object.values(data).at(-1).empty;
  return {
    data,
    text: `Milliseconds from nothing to the first decision: import, read and open the file, decide one visit of a known account (slots filled: equal). Less
what an empty process of Node costs (${number(empty.cpu)} ms of CPU, ${number(empty.wall)} ms); medians of ${runs} fresh processes each, in turn.

${table(["rules", "", "CPU", "wall", "of that: open", "first decision", "CPU, x ours"], rows, 2)}`,
  };
}
