// What a worker has in memory after a million pages. Half an hour: `--only soak`.

import { startEdge } from "../lib/edge.mjs";
import { number, table } from "../lib/report.mjs";
import { ask, isThere } from "../lib/wrk.mjs";

const SECONDS = 20;

export async function soak(set, { requests, say }) {
  if (!isThere()) return { text: "Not measured: `wrk` is not there (Debian's package `wrk`)." };
  const running = await startEdge(set, ["ours"]);
  const { workers, urlOf, headers } = running;
  const rows = [];
  try {
    for (let count = 0, next = 1; count < requests; ) {
      count += (await ask(urlOf(workers.ours, 20), { seconds: count === 0 ? 1 : SECONDS, connections: 8, headers })).requests;
      say(`soak: ${count} pages`);
      if (count < next && count < requests) continue;
      rows.push({ count, resident: workers.ours.resident });
      next = count * 2;
    }
  } finally {
    running.stop();
  }
  return {
    data: rows,
    text: `Resident memory of workerd while it personalises a page of 20 KB again and again: V8 collects when it sees fit.

${table(["pages", "MiB"], rows.map(({ count, resident }) => [number(count, 9), number(resident / 2 ** 20, 4)]), 0)}`,
  };
}
