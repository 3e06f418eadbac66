// What a worker has in memory after a million pages, beside workers that do less. Half an hour: `--only soak`.

import { startEdge } from "../lib/edge.mjs";
import { number, table } from "../lib/report.mjs";
import { ask, isThere } from "../lib/wrk.mjs";

const SECONDS = 10;
/** Parts of all pages, behind which each is looked at. */
const PARTS = [0.01, 0.1, 0.25, 0.5, 0.75, 1];
const NAMES = { pass: "pass-through", ours: "**Nameplate**", native: "`HTMLRewriter`" };

export async function soak(set, { requests, say }) {
  if (!isThere()) return { text: "Not measured: `wrk` is not there (Debian's package `wrk`)." };
  const names = Object.keys(NAMES);
  const running = await startEdge(set, names);
  const { workers, urlOf, headers } = running;
  const count = Object.fromEntries(names.map((name) => [name, 0]));
  const rows = [];
  try {
    for (const part of PARTS) {
      const row = { pages: part * requests };
      for (const [name, worker] of Object.entries(workers)) {
        while (count[name] < row.pages) {
          count[name] += (await ask(urlOf(worker, 20), { seconds: count[name] === 0 ? 1 : SECONDS, connections: 8, headers })).requests;
          say(`soak: ${name}, ${count[name]} pages`);
        }
        row[name] = worker.resident;
      }
      rows.push(row);
    }
  } finally {
    running.stop();
  }
  const cells = ({ pages, ...resident }) => [number(pages, 9), ...names.map((name) => number(resident[name] / 2 ** 20, 4))];
  return {
    data: rows,
    text: `Resident memory of workerd, MiB, when so many pages of 20 KB or some more went through it: V8 collects when it sees fit.

${table(["pages", ...Object.values(NAMES)], rows.map(cells), 0)}`,
  };
}
