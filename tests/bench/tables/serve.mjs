// `nameplate serve` under load: wrk on the same machine, so both share its cores.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { median } from "../lib/contenders.mjs";
import { cpuNs } from "../lib/cpu.mjs";
import { BENCH, PROGRAM } from "../lib/places.mjs";
import { number, table } from "../lib/report.mjs";
import { ask, isThere } from "../lib/wrk.mjs";

const CONNECTIONS = 32;
const SCRIPT = join(BENCH, "serve/visitors.lua");
const ENDPOINTS = [
  ["slice", "`/np/slice`: the visitor's slice"],
  ["health", "`/np/health`: what an answer costs at all"],
];

/** `folder` is a set with addresses. `{ data: undefined }` where wrk is missing. */
export async function serve(folder, { runs, seconds, say }) {
  if (!isThere()) return { text: "Not measured: `wrk` is not there (Debian's package `wrk`)." };
  const { known, stranger } = JSON.parse(readFileSync(join(folder, "visits.json"), "utf8"));
  const addresses = known.flatMap(({ visit }, at) => [visit.ip, stranger[at].visit.ip]);
  const file = join(folder, "visitors.txt");
  writeFileSync(file, `${addresses.join("\n")}\n`);
  const bundle = join(folder, "site.npb");
  const server = spawn(PROGRAM, ["serve", bundle, "--listen", "127.0.0.1:0", "--client-address", "x-forwarded-for=1"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [url] = await once(createInterface({ input: server.stdout }), "line");
    const bytes = await check(url, bundle, addresses.slice(0, 20), join(folder, "slice.npb"));
    const load = loadavg()[0];
    const found = Object.fromEntries(ENDPOINTS.map(([name]) => [name, []]));
    // One turn more than is counted: in the first one slices are made.
    for (let run = 0; run <= runs; run++) {
      say(`serve: round ${run} of ${runs}`);
      for (const [name] of ENDPOINTS) {
        const before = cpuNs(server.pid);
        const said = await ask(`${url}/np/${name}`, { seconds, connections: CONNECTIONS, script: SCRIPT, env: { NAMEPLATE_ADDRESSES: file } });
        const measured = { ...said, cpuMicroseconds: (cpuNs(server.pid) - before) / said.requests / 1e3 };
        if (run > 0) found[name].push(measured);
      }
    }
    const of = (name) => Object.fromEntries(["perSecond", "p50", "p99", "cpuMicroseconds"].map((key) => [key, median(found[name].map((run) => run[key]))]));
    const data = Object.fromEntries(ENDPOINTS.map(([name]) => [name, of(name)]));
    const rows = ENDPOINTS.map(([name, what]) => [what, number(data[name].perSecond, 5), number(data[name].p50), number(data[name].p99), number(data[name].cpuMicroseconds)]);
    return {
      data,
      text: `\`wrk\` with ${CONNECTIONS} connections and two threads on the same machine, whose load average was ${load.toFixed(2)} before: both share its cores. Visitors of ${number(addresses.length, 6)}
addresses in turn, half of them of known accounts; a slice has ${number(bytes, 6)} bytes on average. Medians of ${runs} runs of ${seconds} s; CPU is the server's.

${table(["asked for", "answers a second", "p50, µs", "p99, µs", "CPU an answer, µs"], rows)}`,
    };
  } finally {
    server.kill();
  }
}

/** That the server's slices are those that the program writes; the length of one on average. */
async function check(url, bundle, addresses, file) {
  let bytes = 0;
  for (const address of addresses) {
    execFileSync(PROGRAM, ["slice", bundle, "--ip", address, "-o", file]);
    const answer = await fetch(`${url}/np/slice`, { headers: { "X-Forwarded-For": address } });
    const slice = Buffer.from(await answer.arrayBuffer());
    if (!slice.equals(readFileSync(file))) throw new Error("the server sends another slice than the program writes");
    bytes += slice.length;
  }
  return Math.round(bytes / addresses.length);
}
