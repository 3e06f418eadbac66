// Runs every table and writes them down. Called by `run`, which prepares the rest.
//
//   node bench.mjs [--quick] [--only rules,address,general,scale,start,size,page,databases,match,memory,serve,rewriter,edge,faults,soak] [--to FILE]

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { bars } from "./lib/bars.mjs";
import { machine, versions } from "./lib/machine.mjs";
import { BENCH, SETS } from "./lib/places.mjs";
import { table } from "./lib/report.mjs";
import { makeSet } from "./lib/sets.mjs";
import { address } from "./tables/address.mjs";
import { databases } from "./tables/databases.mjs";
import { edge } from "./tables/edge.mjs";
import { faults } from "./tables/faults.mjs";
import { general } from "./tables/general.mjs";
import { match } from "./tables/match.mjs";
import { memory } from "./tables/memory.mjs";
import { page } from "./tables/page.mjs";
import { rewriter } from "./tables/rewriter.mjs";
import { rules } from "./tables/rules.mjs";
import { scale } from "./tables/scale.mjs";
import { serve } from "./tables/serve.mjs";
import { size } from "./tables/size.mjs";
import { soak } from "./tables/soak.mjs";
import { start } from "./tables/start.mjs";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" }, to: { type: "string" } },
});
const began = Date.now();
const say = (text) => console.error(`bench: ${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${text}`);
const isQuick = options.quick;
const wanted = new Set(options.only?.split(",") ?? ["address", "rules", "general", "scale", "start", "size", "page", "databases", "match", "memory", "serve", "rewriter", "edge", "faults"]);
const isWhole = !isQuick && options.only === undefined;
const head = [...machine(), ["date", new Date().toISOString().slice(0, 10)], ["command", `tests/bench/run ${process.argv.slice(2).join(" ")}`.trim()]];

const set = (rules, accounts, more) => {
  say(`set: ${rules} rules, ${accounts} accounts${more?.withoutNetworks ? ", no networks" : ""}`);
  return makeSet({ rules, accounts, ...more });
};
const setWithAddresses = (accounts) => set(1000, accounts, { addresses: true });
const bySize = (sizes) => new Map(sizes.map((size) => [size, size === 1000 ? setWithAddresses(5000) : set(size, 5000)]));

const full = { rounds: 5, ms: 150, say };
const quick = { rounds: 3, ms: 60, say };
const pace = isQuick ? quick : full;

const tables = {
  address: () => address(new Map((isQuick ? [5000] : [5000, 50000]).map((accounts) => [accounts, setWithAddresses(accounts)])), pace),
  rules: () => rules(bySize(isQuick ? [1000] : [1000, 10000, 100000]), pace),
  general: () => general(bySize(isQuick ? [1000] : [1000, 100000]), pace),
  scale() {
    const pairs = isQuick ? [[100, 5000], [1000, 5000], [10000, 5000]] : [[10, 5000], [100, 5000], [1000, 5000], [10000, 5000], [100000, 5000], [1000, 10000], [1000, 50000], [10000, 100000]];
    const sets = pairs.map(([rules, accounts]) => ({ rules, accounts, folder: set(rules, accounts, { addresses: rules === 1000 && accounts !== 10000 }) }));
    return scale(sets, { ...pace, latencies: isQuick ? 2000 : 20000 });
  },
  start() {
    const pairs = isQuick ? [[100, 100], [1000, 5000]] : [[100, 100], [100, 5000], [1000, 5000], [10000, 5000], [100000, 5000]];
    const sets = pairs.map(([rules, accounts]) => ({ rules, accounts, folder: set(rules, accounts, { addresses: rules === 1000 }) }));
    return start(sets, { runs: isQuick ? 3 : 9, say });
  },
  size: () => size({ say }),
  page: () => page({ runs: isQuick ? 3 : 20, say }),
  databases: () => databases({ passes: isQuick ? 3 : 5, say }),
  match: () => match({ accounts: isQuick ? [10_000] : [1_000, 10_000, 50_000], repeats: isQuick ? 1 : 3, say }),
  memory() {
    const many = isQuick ? 10000 : 100000;
    const sets = {
      few: { rules: 1000, folder: setWithAddresses(5000) },
      many: { rules: many, folder: set(many, 5000) },
      small: { accounts: 5000, folder: set(1000, 5000, { withoutNetworks: true }) },
      bare: { accounts: 50000, folder: set(1000, 50000, { withoutNetworks: true }) },
      full: { accounts: 50000, folder: setWithAddresses(50000) },
    };
    return memory(sets, { growSeconds: isQuick ? 5 : 60, growCalls: 10_000_000, repeats: isQuick ? 1 : 3, say });
  },
  serve: () => serve(setWithAddresses(5000), { runs: isQuick ? 1 : 5, seconds: isQuick ? 2 : 10, say }),
  rewriter: () => rewriter(setWithAddresses(5000), pace),
  edge: () => edge(setWithAddresses(5000), set(1000, 10000), { rounds: isQuick ? 1 : 11, seconds: isQuick ? 1 : 2, runs: isQuick ? 3 : 9, say }),
  faults: () => faults({ pages: isQuick ? 20 : 100, say }),
  soak: () => soak(setWithAddresses(5000), { requests: isQuick ? 20_000 : 1_000_000, say }),
};
const titles = {
  address: "Address to account",
  rules: "Rules",
  general: "Companies in no list",
  scale: "Nameplate by size",
  start: "Start",
  size: "Size in a browser",
  page: "A page with the tag",
  databases: "Address databases",
  match: "Recognition",
  memory: "Memory",
  serve: "The decision server",
  rewriter: "Pages rewritten",
  edge: "The edge",
  faults: "Faults of the edge",
  soak: "The edge, for long",
};

mkdirSync(SETS, { recursive: true });
const data = {};
const sections = [];
for (const name of Object.keys(tables).filter((name) => wanted.has(name))) {
  const found = await tables[name]();
  data[name] = found.data;
  sections.push(`## ${titles[name]}\n\n${found.text}`);
}
const { npm, crates } = versions();
const took = Math.round((Date.now() - began) / 60000);
const text = `# Bench

Written by \`make bench\` (tests/bench/run)${isQuick ? ", **quick: too few and too short runs to quote**" : ""}; took ${took} minutes. What is measured, how, and where it is unfair: [README.md](README.md).

${table(["", ""], head, 2)}

npm: ${npm.join(", ")}.
Crates: ${crates.join(", ")}.

${!isWhole ? "" : `## Bars\n\n${bars(data)}\n\n`}${sections.join("\n\n")}
`;
const file = options.to ?? (isWhole ? join(BENCH, "RESULTS.md") : join(SETS, "quick.md"));
writeFileSync(file, text);
writeFileSync(join(SETS, "results.json"), JSON.stringify({ head, data }, null, 1));
if (isQuick) console.log(text);
say(`written to ${file}`);
