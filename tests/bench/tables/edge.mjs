// The edge in workerd: under load beside its peers, its first answer, and how long it keeps a visitor waiting.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";

import { coldStart } from "../lib/cold-start.mjs";
import { median } from "../lib/contenders.mjs";
import { cpuNs } from "../lib/cpu.mjs";
import { headersOf, PAGES, startEdge, startOrigin } from "../lib/edge.mjs";
import { firstBytes } from "../lib/first-byte.mjs";
import { makePages, readPage } from "../lib/pages.mjs";
import { PROGRAM, ROOT, SETS } from "../lib/places.mjs";
import { number, table } from "../lib/report.mjs";
import { essence } from "../lib/same-page.mjs";
import { makeWorker } from "../lib/workerd.mjs";
import { ask, isThere } from "../lib/wrk.mjs";

const CONNECTIONS = 8;
/** A visitor of the sample site's. */
const SIEMENS = { ip: "139.23.204.1", visitor: { language: "en" } };
const NAMES = {
  pass: "pass-through",
  decide: "**Nameplate**, decide only",
  ours: "**Nameplate**, decide and rewrite",
  native: "workerd's `HTMLRewriter`",
  growthbook: "`@growthbook/edge-cloudflare`",
};

/** `set` has addresses; `large` is a set of 10,000 accounts. */
export async function edge(set, large, { rounds, seconds, runs, say }) {
  const load = isThere() ? await underLoad(set, { rounds, seconds, say }) : { text: "Load is not measured: `wrk` is not there (Debian's package `wrk`)." };
  const cold = await starts(large, { runs, say });
  return { data: { load: load.data, cold: cold.data }, text: `${load.text}\n\n${cold.text}` };
}

async function underLoad(set, { rounds, seconds, say }) {
  const running = await startEdge(set, Object.keys(NAMES));
  const { workers, urlOf, headers } = running;
  const before = loadavg()[0];
  const data = {};
  try {
    await check(running);
    for (const size of PAGES) {
      const found = Object.fromEntries(Object.keys(NAMES).map((name) => [name, { waits: [], runs: [] }]));
      // One turn more than is counted: the first one warms up.
      for (let round = 0; round <= rounds; round++) {
        say(`edge: ${size} KB, round ${round} of ${rounds}`);
        for (const [name, worker] of Object.entries(workers)) {
          const url = urlOf(worker, size);
          const cpu = cpuNs(worker.pid);
          const said = await ask(url, { seconds, connections: CONNECTIONS, headers });
          const cpuMicroseconds = (cpuNs(worker.pid) - cpu) / said.requests / 1e3;
          const waits = await firstBytes(url, headers, 50);
          if (round > 0) found[name].runs.push({ ...said, cpuMicroseconds }) && found[name].waits.push(...waits);
        }
      }
      const of = (name) => {
        const one = (key) => median(found[name].runs.map((run) => run[key]));
        return { perSecond: one("perSecond"), p99: one("p99"), cpuMicroseconds: one("cpuMicroseconds"), firstByte: median(found[name].waits) };
      };
      data[size] = Object.fromEntries(Object.keys(NAMES).map((name) => [name, of(name)]));
    }
  } finally {
    running.stop();
  }
  const head = ["", "answers a second", "p99, ms", "CPU an answer, µs", "x `HTMLRewriter`", "above pass-through, µs", "x `HTMLRewriter`", "first byte, µs"];
  const parts = PAGES.map((size) => {
    const { pass, native } = data[size];
    const rows = Object.entries(NAMES).map(([name, what]) => {
      const { perSecond, p99, cpuMicroseconds, firstByte } = data[size][name];
      const above = cpuMicroseconds - pass.cpuMicroseconds;
      const ratios = [cpuMicroseconds / native.cpuMicroseconds, above / (native.cpuMicroseconds - pass.cpuMicroseconds)].map((ratio) => number(ratio));
      return [what, number(perSecond, 5), number(p99 / 1e3), number(cpuMicroseconds), ratios[0], number(above), ratios[1], number(firstByte)];
    });
    return `A page of ${size} KB:\n\n${table(head, rows)}`;
  });
  return {
    data,
    text: `Workers in workerd, each in a process of its own, before one origin in another. \`wrk\` with ${CONNECTIONS} connections, load average ${before.toFixed(2)} before: client, origin and worker
share two cores, so a worker's CPU time says more than its answers a second. Nameplate finds the account by the address among 47,763 prefixes,
and decides among 1,000 rules; the peers make the same changes and decide nothing (\`HTMLRewriter\`) or between two variations
(GrowthBook, told the account). All pages come to the same elements, attributes and texts (checked). Medians of ${rounds} rounds of ${seconds} s; first byte: of ${rounds * 50}
pages, one after the other.

${parts.join("\n\n")}`,
  };
}

/** That all pages come to the same. */
async function check({ workers, urlOf, headers, page }) {
  for (const size of PAGES) {
    const untouched = essence(page(size));
    const found = {};
    for (const [name, worker] of Object.entries(workers)) found[name] = essence(await (await fetch(urlOf(worker, size), { headers })).text());
    for (const name of ["pass", "decide"]) if (found[name] !== untouched) throw new Error(`\`${name}\` changes the page`);
    if (found.native === untouched) throw new Error("`native` does not change the page");
    for (const name of ["ours", "growthbook"]) if (found[name] !== found.native) throw new Error(`\`${name}\` does not make of the page of ${size} KB what \`native\` does`);
  }
}

/** First answers of fresh processes. */
async function starts(set, { runs, say }) {
  const sample = join(SETS, "sample.npb");
  execFileSync(PROGRAM, ["build", join(ROOT, "data/site"), "-o", sample], { stdio: "ignore" });
  const { folder, bundle, visit } = await makePages(set);
  const origin = await startOrigin(readPage(folder, 20), readFileSync(join(ROOT, "data/site/pages/index.html")));
  const isPersonal = (text) => text.includes("data-np-edge");
  const large = `${new URL(visit.url).pathname}?page=20`;
  const kinds = [
    ["pass-through", "pass", {}, visit, large, (text) => text.length > 0],
    ["**Nameplate**, the sample site", "ours", { "site.npb": readFileSync(sample) }, SIEMENS, "/?page=100", isPersonal],
    ["**Nameplate**, 10,000 accounts, 1,000 rules", "ours", { "site.npb": bundle }, visit, large, isPersonal],
  ];
  const found = kinds.map(() => []);
  try {
    // One turn more than is counted: the first reads files from the disk.
    for (let run = 0; run <= runs; run++) {
      say(`edge: start ${run} of ${runs}`);
      for (const [at, [, worker, files, visitor, path, isWanted]] of kinds.entries()) {
        const { start } = await makeWorker(worker, { files, origin: origin.port });
        const answered = await coldStart(start, path, headersOf(visitor), isWanted);
        if (run > 0) found[at].push(answered);
      }
    }
  } finally {
    origin.stop();
  }
  const of = (at, key) => median(found[at].map((run) => run[key]));
  const data = kinds.map(([name, , files], at) => ({ name, bundle: files["site.npb"]?.length, wallMs: of(at, "wallMs"), cpuMs: of(at, "cpuMs"), resident: of(at, "resident") }));
  const rows = data.map(({ name, bundle, wallMs, cpuMs, resident }) => [name, number(bundle, 9), number(wallMs), number(cpuMs), number(resident / 2 ** 20)]);
  return {
    data,
    text: `From a process of workerd that does not exist to its first answer: milliseconds, and MiB in memory then; medians of ${runs} starts each, in turn. Ours is
the first personalised page: bytes of the bundle opened, an address found, the page rewritten.

${table(["", "bundle, bytes", "wall", "CPU", "MiB"], rows)}`,
  };
}
