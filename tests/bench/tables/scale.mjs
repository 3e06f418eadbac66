// Nameplate alone, by size: whether a decision's cost grows with rules or accounts; how long a bundle takes to open; how
// large it is.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Contender, median, race } from "../lib/contenders.mjs";
import { compressed, microseconds, milliseconds, number, table } from "../lib/report.mjs";
import { built, sections } from "../lib/sets.mjs";

/** `sets`: list of `{ rules, accounts, folder }`. */
export async function scale(sets, { rounds, ms, latencies, say }) {
  const data = [];
  for (const set of sets) data.push({ ...set, ...(await once(set, { latencies, rounds, say })) });
  for (const isNative of [false, true]) {
    for (const of of ["known", "stranger"]) {
      say(`scale: ${isNative ? "native" : "JavaScript"}, ${of}`);
      const contenders = await Promise.all(sets.map(async ({ folder }) => {
        const contender = new Contender("ours", { kind: "rules", peer: "ours", set: folder }, isNative);
        await contender.ask({ do: "open" });
        return contender;
      }));
      const results = await race(contenders, { of, rounds, ms });
      contenders.forEach((contender, at) => {
        data[at][`${isNative ? "native" : "js"} ${of}`] = results.get(contender);
        contender.end();
      });
    }
  }
  return { data, text: report(data) };
}

/** What is measured of one set alone. */
async function once({ folder, rules, accounts }, { latencies, rounds, say }) {
  say(`scale: ${number(rules, 6)} rules, ${number(accounts, 6)} accounts`);
  const opens = [];
  for (let round = 0; round < rounds; round++) {
    const contender = new Contender("ours", { kind: "rules", peer: "ours", set: folder }, true);
    opens.push(await contender.ask({ do: "open" }));
    contender.end();
  }
  const contender = new Contender("ours", { kind: "rules", peer: "ours", set: folder });
  await contender.ask({ do: "open" });
  await contender.ask({ do: "time", of: "known", ms: 500 });
  const latency = await contender.ask({ do: "latency", of: "known", count: latencies });
  contender.end();
  const bytes = readFileSync(join(folder, "site.npb"));
  return {
    openNs: median(opens.map(({ wallNs }) => wallNs)),
    latency,
    // Brotli's best takes a minute for what is larger.
    size: bytes.length < 4 << 20 ? compressed(bytes) : { raw: bytes.length },
    build: built(folder),
  };
}

function report(data) {
  const name = ({ rules, accounts }) => [number(rules, 6), number(accounts, 6)];
  const base = data.find(({ rules }) => rules === 1000) ?? data[0];
  const cost = data.map((set) => [
    ...name(set),
    ...["js known", "js stranger", "native known", "native stranger"].map((key) => microseconds(set[key].cpuNs)),
    number(set["js known"].cpuNs / base["js known"].cpuNs),
    microseconds(set.latency.p50),
    microseconds(set.latency.p99),
  ]);
  const weight = data.map((set) => [...name(set), number(set.build.milliseconds, 6), number(set.build.peakBytes / 2 ** 20, 4), milliseconds(set.openNs), ...["raw", "gzip", "brotli"].map((key) => number(set.size[key], 9))]);
  return `CPU microseconds of one \`decide\`, a visit in and a whole decision out; 8 slots, 3 placements.

${table(["rules", "accounts", "JS, known", "JS, stranger", "native, known", "native, stranger", "JS known, x 1,000 rules", "JS p50 wall", "JS p99 wall"], cost, 0)}

The bundle: \`nameplate build\` on one core, milliseconds (wall, the program's start included) and the most memory that it had, MiB; milliseconds of
opening it natively; bytes. Larger ones are not compressed here.

${table(["rules", "accounts", "build ms", "MiB", "open ms", "raw", "gzip", "brotli"], weight, 0)}

The sections of the bundle with ${number(base.rules, 6)} rules and ${number(base.accounts, 6)} accounts, each compressed alone:

${table(["section", "raw", "brotli"], inside(base.folder))}`;
}

function inside(folder) {
  const file = join(folder, "site.npb");
  const bundle = readFileSync(file);
  return sections(file).map(({ name, bytes, offset }) => [name, number(bytes, 9), number(compressed(bundle.subarray(offset, offset + bytes)).brotli, 9)]);
}
