// Time to the first decision in a fresh process.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { median } from "../lib/contenders.mjs";
import { BENCH } from "../lib/places.mjs";
import { number, table } from "../lib/report.mjs";
import { translate } from "../rules/growthbook.mjs";

const PROGRAMS = ["empty", "ours", "growthbook"];

/** `sets`: list of `{ rules, accounts, folder }`. */
export async function start(sets, { runs, say }) {
  const data = [];
  for (const { rules, accounts, folder } of sets) {
    say(`start: ${number(rules, 6)} rules, ${number(accounts, 6)} accounts`);
    const read = (file) => JSON.parse(readFileSync(join(folder, file), "utf8"));
    writeFileSync(join(folder, "first-visit.json"), JSON.stringify(read("visits.json").known[0]));
    writeFileSync(join(folder, "growthbook.json"), translate(read("rules.json"), "first"));
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
    const empty = { cpu: of("empty", "cpuMs"), wall: of("empty", "wallMs") };
    const above = (name) => ({ cpu: of(name, "cpuMs") - empty.cpu, wall: of(name, "wallMs") - empty.wall, open: of(name, "openMs"), first: of(name, "firstMs") });
    data.push({ rules, accounts, empty, ours: above("ours"), growthbook: above("growthbook") });
  }
  const rows = data.flatMap((found) =>
    ["ours", "growthbook"].map((name) => [
      number(found.rules, 6),
      name === "ours" ? `**Nameplate**, ${number(found.accounts, 6)} accounts` : "`@growthbook/growthbook`, no accounts",
      number(found[name].cpu),
      number(found[name].wall),
      number(found[name].open),
      number(found[name].first),
      number(found[name].cpu / found.ours.cpu),
    ]),
  );
  const { empty } = data.at(-1);
  return {
    data,
    text: `Milliseconds from nothing to the first decision: import, read and open the file, decide one visit of a known account (slots filled: equal). Ours
opens accounts and their prefixes too, GrowthBook has none. Less what an empty process of Node costs (${number(empty.cpu)} ms of CPU, ${number(empty.wall)} ms); medians of ${runs} fresh processes each, in turn.

${table(["rules", "engine", "CPU", "wall", "of that: open", "first decision", "CPU, x ours"], rows, 2)}`,
  };
}
