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
    let next = 1;
    for (let count = 0; next <= requests; ) {
      count += (await ask(urlOf(workers.ours, 20), { seconds: count === 0 ? 1 : SECONDS, connections: 8, headers })).requests;
      say(`soak: ${count} pages`);
      if (count < next) continue;
      rows.push({ count, resident: workers.ours.resident });
      next = Math.max(next * 2, Math.min(count * 2, requests));
      if (count >= requests) break;
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
