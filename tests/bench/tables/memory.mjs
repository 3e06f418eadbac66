// What a rule, an account and a prefix cost in memory, and whether anything grows.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Contender, median } from "../lib/contenders.mjs";
import { number, table } from "../lib/report.mjs";

const PEERS = ["growthbook", "unleash-client", "launchdarkly", "optimizely", "json-logic-js", "zen-engine"];
const NATIVE = ["cel", "datalogic-rs", "unleash-yggdrasil", "a-tree"];

/**
 * `few` and `many`: `{ rules, folder }`, the same but for rules. `bare` and `full`: `{ accounts, folder }` without and with networks,
 * `small` with few accounts and without networks.
 */
export async function memory({ few, many, small, bare, full }, { growSeconds, growCalls, repeats, say }) {
  const weigh = async (peer, folder, isNative) => {
    const found = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const contender = new Contender(peer, { kind: "rules", peer, mode: peer === "a-tree" ? "all" : "first", set: folder }, isNative);
      const { memory, cpuNs } = await contender.ask({ do: "open" });
      found.push({ ...memory, cpuNs });
      contender.end();
    }
    return Object.fromEntries(["heap", "rss", "cpuNs"].map((kind) => [kind, median(found.map((opened) => opened[kind] ?? 0))]));
  };
  const difference = (more, less, count) => Object.fromEntries(Object.keys(more).map((kind) => [kind, (more[kind] - less[kind]) / count]));
  const data = { rule: {}, account: {}, prefix: {} };
  for (const [isNative, peers] of [[false, ["ours", ...PEERS]], [true, ["ours", ...NATIVE]]]) {
    for (const peer of peers) {
      say(`memory: ${peer}${isNative ? ", native" : ""}`);
      try {
        if (!isNative && peer !== "ours") await weigh(peer, many.folder, isNative); // The first one translates the rules.
        const [less, more] = [await weigh(peer, few.folder, isNative), await weigh(peer, many.folder, isNative)];
        data.rule[`${peer}${isNative ? ", native" : ""}`] = difference(more, less, many.rules - few.rules);
      } catch (error) {
        say(`  ${peer}: ${error.message}`);
      }
    }
    const [low, middle, high] = [await weigh("ours", small.folder, isNative), await weigh("ours", bare.folder, isNative), await weigh("ours", full.folder, isNative)];
    const runtime = isNative ? "ours, native" : "ours";
    data.account[runtime] = difference(middle, low, bare.accounts - small.accounts);
    data.prefix[runtime] = difference(high, middle, prefixes(full.folder));
  }
  data.grow = await grow(few.folder, { growSeconds, growCalls, say });
  const cells = (bytes, name) => [number(bytes?.heap, 4), name.endsWith("native") ? "" : number(bytes?.rss, 4)];
  const rows = Object.entries(data.rule).map(([name, bytes]) => [
    name.startsWith("ours") ? `**Nameplate**${name.slice(4)}` : `\`${name.replace(", native", "")}\`${name.endsWith("native") ? ", native" : ""}`,
    ...[bytes, data.account[name], data.prefix[name]].flatMap((found) => cells(found, name)),
  ]);
  const { grow: grown } = data;
  return {
    data,
    text: `Bytes, from the difference between a small and a large set once it is open and collected. *Held* is the JavaScript heap with what hangs on it (a
WebAssembly memory too) or natively every allocation counted; *resident* is what the process grew by, garbage of opening included, and the only
figure that sees the Rust inside \`zen-engine\`. Rules: ${number(few.rules, 6)} and ${number(many.rules, 6)}; accounts: ${number(small.accounts, 6)} and ${number(bare.accounts, 6)}
without networks; prefixes: ${number(prefixes(full.folder), 9)} and none. Peers keep neither accounts nor prefixes; ours keeps content with its rules, they a name.

${table(["", "a rule, held", "resident", "an account, held", "resident", "a prefix, held", "resident"], rows)}

To open prefixes takes ${prefixOpens(data)} of CPU for 100,000 of them: read, checked, and put into the table.

After ${number(grown.calls, 9)} calls of \`decide\` in Node: resident memory ${signed(grown.rss)} bytes, JavaScript heap and WebAssembly memory ${signed(grown.heap)} bytes.`,
  };
}

async function grow(folder, { growSeconds, growCalls, say }) {
  say("memory: many calls");
  const contender = new Contender("ours", { kind: "rules", peer: "ours", set: folder });
  await contender.ask({ do: "open" });
  const found = await contender.ask({ do: "grow", of: "known", seconds: growSeconds, calls: growCalls }, growSeconds + 120);
  contender.end();
  return found;
}

const prefixOpens = ({ prefix }) => ["ours", "ours, native"].map((name) => `${number(prefix[name].cpuNs / 10)} ms ${name === "ours" ? "in Node" : "natively"}`).join(" and ");

const prefixes = (folder) => readFileSync(join(folder, "site/networks.csv"), "utf8").trim().split("\n").length - 1;

const signed = (value) => `${value < 0 ? "−" : "+"}${number(Math.abs(value), 9)}`;
