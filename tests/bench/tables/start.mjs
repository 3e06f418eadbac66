// Time to the first decision in a fresh process.

import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { median } from "../lib/contenders.mjs";
import { BENCH, DIST, PROGRAM } from "../lib/places.mjs";
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
  const browser = core(sets.find(({ rules }) => rules === 1000).folder, { runs, say });
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
    data: { sets: data, core: browser },
    text: `Milliseconds from nothing to the first decision: import, read and open the file, decide one visit of a known account (slots filled: equal). Ours
opens accounts and their prefixes too, GrowthBook has none. Less what an empty process of Node costs (${number(empty.cpu)} ms of CPU, ${number(empty.wall)} ms); medians of ${runs} fresh processes each, in turn.

${table(["rules", "engine", "CPU", "wall", "of that: open", "first decision", "CPU, x ours"], rows, 2)}

The browser's core, \`core.wasm\`, and one visitor's slice of the site with 1,000 rules (${number(browser.sliceBytes, 6)} bytes) in a fresh process of Node, wall: compiled in ${number(browser.compile)} ms,
instantiated and the slice opened in ${number(browser.open)} ms, first decision ${number(browser.first)} ms.`,
  };
}

/** Medians of what a page waits for, milliseconds: the core's start, and its first decision. */
function core(folder, { runs, say }) {
  say("start: the browser's core");
  const { visit } = JSON.parse(readFileSync(join(folder, "first-visit.json"), "utf8"));
  const slice = join(folder, "first-visit.slice");
  execFileSync(PROGRAM, ["slice", join(folder, "site.npb"), "--ip", visit.ip, "-o", slice], { stdio: "ignore" });
  const found = [];
  for (let run = 0; run <= runs; run++) {
    const said = execFileSync(process.execPath, [join(BENCH, "start/core.mjs"), join(DIST, "core.wasm"), slice], { encoding: "utf8" });
    if (run > 0) found.push(JSON.parse(said));
  }
  const of = (key) => median(found.map((run) => run[key]));
  return { sliceBytes: statSync(slice).size, compile: of("compileMs"), open: of("openMs"), first: of("firstMs") };
}
