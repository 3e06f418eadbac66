// What the tag costs a page, in Chromium: node tests/e2e/tag/measure.mjs [RUNS]
//
// The sample's home page as Siemens sees it, in the ways a page can load the tag, one after the other in each run; medians in
// milliseconds. The network is this machine's own, with 20 ms before each answer.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../browser.mjs";
import { serve, TAG } from "./site.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const runs = Number(process.argv[2] ?? 20);
const DELAY = 20;
const SLOTS = "#announcement p, #nav-cta, #hero .kicker, #hero h1, #hero-body, #hero-cta, #hero-cta-second, #hero-image, #proof-body, #use-case-body, #next-step-body";

const slicePath = join(root, "target/siemens.npb");
execFileSync(join(root, "target/release/nameplate"), ["slice", join(root, "target/site.npb"), "--account", "siemens", "-o", slicePath], { stdio: "ignore" });
const slice = readFileSync(slicePath);
const html = readFileSync(join(root, "data/site/pages/index.html"), "utf8");
const OWN = '<script type="module" src="/np/tag.js"></script>';
const HIDE = '<link rel="stylesheet" href="/hide.css">';
const INLINE = `<script type="application/octet-stream" id="np-slice">${slice.toString("base64")}</script>`;
const WAYS = {
  "without": "",
  "tag": TAG,
  "tag, hiding style": HIDE + TAG,
  "tag, slice in the page": INLINE + TAG,
  "tag, blocking=render, hiding style": HIDE + TAG.replace("async", 'async blocking="render"'),
};

const TYPES = { css: "text/css", svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", webp: "image/webp" };
const asset = (path) => ({ type: TYPES[path.split(".").pop()] ?? "text/html", status: 200, headers: {}, body: readFileSync(join(root, "data/site/assets", path)) });
const page = (path) => {
  const way = Object.keys(WAYS)[Number(/^\/way(\d)\//.exec(path)?.[1] ?? -1)];
  if (way !== undefined) return html.replace(OWN, `<base href="/">${WAYS[way]}`);
  if (path === "/hide.css") return { type: "text/css", status: 200, headers: {}, body: `@keyframes np-slot { from, to { visibility: hidden } }\n${SLOTS} { animation: np-slot 200ms }` };
  return asset(path);
};
const answers = new Proxy({}, { get: (_, path) => (path === "/np/slice" ? { body: slice, delay: DELAY } : { delay: DELAY }) });

const server = await serve({ page, answers });
const browser = await launch();
const found = Object.keys(WAYS).map(() => []);
for (let run = 0; run < runs; run += 1) {
  for (const way of Object.keys(WAYS).keys()) found[way].push(await measure(`${server.url}/way${way}/`));
}
await browser.close();
await server.stop();

console.log(`${runs} runs, ${slice.length} bytes of slice\n`);
console.log("| way | LCP | first paint | layout shift | slice to applied | applied at |\n| --- | --- | --- | --- | --- | --- |");
for (const [way, name] of Object.keys(WAYS).entries()) {
  const median = (key, digits = 0) => found[way].map((one) => one[key]).sort((a, b) => a - b)[runs >> 1]?.toFixed(digits) ?? "";
  console.log(`| ${name} | ${median("lcp")} | ${median("paint")} | ${median("shift", 4)} | ${way === 0 ? "" : median("toApplied", 1)} | ${way === 0 ? "" : median("applied")} |`);
}

async function measure(url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const tab = await context.newPage();
  await tab.addInitScript(() => {
    globalThis.seen = { lcp: 0, shift: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach(({ startTime }) => (globalThis.seen.lcp = startTime))).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (globalThis.seen.shift += value))).observe({ type: "layout-shift", buffered: true });
  });
  await tab.goto(url);
  await tab.waitForTimeout(600);
  const result = await tab.evaluate(() => {
    const times = globalThis.nameplate?.diagnose().times ?? {};
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity;
    // The slice may be there before the core and the runtime are: what counts is from when all of it is.
    return { ...globalThis.seen, paint, applied: times.apply, toApplied: times.apply - Math.max(times.slice, times.core, times.runtime) };
  });
  await context.close();
  return result;
}
