// The workers that are measured under load, before one origin, and what a browser asks them.

import { payloadOf } from "../rewriter/growthbook.mjs";
import { makePages, readPage } from "./pages.mjs";
import { makeWorker } from "./workerd.mjs";

/** KB of the pages that the origin has. */
export const PAGES = [20, 100];

/** `{ workers, urlOf, headers, page, stop }`: name to running worker, before an origin of the pages. `names`: of `pass`, `decide`, `ours`, `native`, `growthbook`. */
export async function startEdge(set, names) {
  const { folder, bundle, visit, slots } = await makePages(set);
  const files = {
    pass: {},
    decide: { "site.npb": bundle },
    ours: { "site.npb": bundle },
    native: { "changes.json": JSON.stringify(slots) },
    growthbook: { "growthbook.json": JSON.stringify(payloadOf(slots)) },
  };
  const origin = await startOrigin(...PAGES.map((size) => readPage(folder, size)));
  const workers = {};
  for (const name of names) workers[name] = await (await makeWorker(name, { files: files[name], origin: origin.port })).start();
  return {
    workers,
    urlOf: ({ port }, size) => `http://127.0.0.1:${port}${new URL(visit.url).pathname}?page=${size}`,
    headers: headersOf(visit),
    page: (size) => readPage(folder, size).toString(),
    stop: () => [origin, ...Object.values(workers)].forEach((worker) => worker.stop()),
  };
}

/** The pages' server, with a small page and a large one. */
export const startOrigin = async (small, large) => (await makeWorker("origin", { files: { "20.html": small, "100.html": large } })).start();

/** As a browser asks for a page, behind Cloudflare's servers. */
export function headersOf({ ip, visitor }) {
  return {
    accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "accept-encoding": "gzip, deflate, br, zstd",
    "accept-language": `${visitor.language},en;q=0.8`,
    "cf-connecting-ip": ip,
    cookie: "theme=dark; consent=1",
    "sec-fetch-dest": "document",
    "sec-fetch-mode": "navigate",
    "sec-fetch-site": "none",
    "sec-fetch-user": "?1",
    "upgrade-insecure-requests": "1",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  };
}
