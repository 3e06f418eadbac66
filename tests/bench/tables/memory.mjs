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
      const { memory } = await contender.ask({ do: "open" });
      found.push(isNative ? memory.heap : memory.rss);
      contender.end();
    }
    return median(found);
  };
  const data = { rule: {}, account: {}, prefix: {} };
  for (const [isNative, peers] of [[false, ["ours", ...PEERS]], [true, ["ours", ...NATIVE]]]) {
    for (const peer of peers) {
      say(`memory: ${peer}${isNative ? ", native" : ""}`);
      try {
        data.rule[`${peer}${isNative ? ", native" : ""}`] = ((await weigh(peer, many.folder, isNative)) - (await weigh(peer, few.folder, isNative))) / (many.rules - few.rules);
      } catch (error) {
        say(`  ${peer}: ${error.message}`);
      }
    }
    const [low, middle, high] = [await weigh("ours", small.folder, isNative), await weigh("ours", bare.folder, isNative), await weigh("ours", full.folder, isNative)];
    const runtime = isNative ? "ours, native" : "ours";
    data.account[runtime] = (middle - low) / (bare.accounts - small.accounts);
    data.prefix[runtime] = (high - middle) / prefixes(full.folder);
  }
  data.grow = await grow(few.folder, { growSeconds, growCalls, say });
  const rows = Object.entries(data.rule).map(([name, bytes]) => [name.startsWith("ours") ? `**Nameplate**${name.slice(4)}` : `\`${name}\``, number(bytes, 4), number(data.account[name], 4), number(data.prefix[name], 4)]);
  const { grow: grown } = data;
  return {
    data,
    text: `Bytes, from the difference between a small and a large set once it is open and collected: resident memory in Node, counted allocations natively. Rules:
${number(few.rules, 6)} and ${number(many.rules, 6)}; accounts: ${number(small.accounts, 6)} and ${number(bare.accounts, 6)} without networks; prefixes: ${number(prefixes(full.folder), 9)} and none. Peers keep neither
accounts nor prefixes.

${table(["", "a rule", "an account", "a prefix"], rows)}

After ${number(grown.calls, 9)} calls of \`decide\` in Node: resident memory ${signed(grown.rss)} bytes, JavaScript heap ${signed(grown.heap)} bytes.`,
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

const prefixes = (folder) => readFileSync(join(folder, "site/networks.csv"), "utf8").trim().split("\n").length - 1;

const signed = (value) => `${value < 0 ? "−" : "+"}${number(Math.abs(value), 9)}`;
