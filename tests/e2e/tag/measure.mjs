// What the tag costs a page, in Chromium: node tests/e2e/tag/measure.mjs [RUNS]
//
// The sample's home page as Siemens sees it, in the ways a page can load the tag, one after the other in each run, each time in a
// browser that has nothing in its cache; medians in milliseconds, of the browser's own trace. The network is this machine's own, with
// 20 ms before each answer.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../browser.mjs";
import { program } from "../web.mjs";
import { dist, serve, TAG } from "./site.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const runs = Number(process.argv[2] ?? 20);
const DELAY = 20;
const SLOTS = "#announcement p, #nav-cta, #hero .kicker, #hero h1, #hero-body, #hero-cta, #hero-cta-second, #hero-image, #proof-body, #use-case-body, #next-step-body";

const slicePath = join(root, "target/siemens.npb");
execFileSync(program, ["slice", join(root, "target/site.npb"), "--account", "siemens", "-o", slicePath], { stdio: "ignore" });
const slice = readFileSync(slicePath);
const html = readFileSync(join(root, "data/site/pages/index.html"), "utf8");
const OWN = '<script async src="/np/tag.js"></script>';
/** The page's own style sheet, and the same with what hides slots in it: no request more. */
const STYLES = "/css/site.css";
const HIDING = "/css/hiding.css";
const INLINE = `<script type="application/octet-stream" id="np-slice">${slice.toString("base64")}</script>`;
const granted = (head) => head.replace("async", 'async data-np-consent="granted"');
const FASTEST = granted(readFileSync(join(dist, "tag.html"), "utf8"));
const WAYS = {
  "without": "",
  "tag": TAG,
  "tag, 11 slots hidden": TAG.replace("async", 'async fetchpriority="high"'),
  "`tag.html`": FASTEST,
  "`tag.html`, 11 slots hidden": FASTEST,
  "`tag.html`, slice in the page, 11 slots hidden": INLINE + FASTEST.replace(/^.*slice.*$/m, ""),
};

const TYPES = { css: "text/css", svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", webp: "image/webp" };
const asset = (path) => ({ type: TYPES[path.split(".").pop()] ?? "text/html", status: 200, headers: {}, body: readFileSync(join(root, "data/site/assets", path)) });
const page = (path) => {
  const way = Object.keys(WAYS)[Number(/^\/way(\d)\//.exec(path)?.[1] ?? -1)];
  if (way !== undefined) return html.replace(OWN, `<base href="/">${WAYS[way]}`).replace(STYLES, way.includes("hidden") ? HIDING : STYLES);
  if (path === HIDING) return { ...asset(STYLES), body: `${asset(STYLES).body}\n@keyframes np-slot { from, to { visibility: hidden } }\n${SLOTS} { animation: np-slot 200ms }` };
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

console.log(`${runs} runs, ${slice.length} bytes of slice, load ${loadavg()[1].toFixed(1)} on ${cpus().length} cores\n`);
console.log("| way | LCP | against without | first paint | layout shift | all there to applied | applied at |\n| --- | --- | --- | --- | --- | --- | --- |");
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
for (const [way, name] of Object.keys(WAYS).entries()) {
  const of = (key, digits = 0) => median(found[way].map((one) => one[key])).toFixed(digits);
  // Of each run by itself: a machine that others use too is slow for both.
  const more = median(found[way].map(({ lcp }, run) => lcp - found[0][run].lcp)).toFixed(0);
  console.log(`| ${name} | ${of("lcp")} | ${more} | ${of("paint")} | ${of("shift", 4)} | ${way === 0 ? "" : of("toApplied", 1)} | ${way === 0 ? "" : of("applied")} |`);
}

async function measure(url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const tab = await context.newPage();
  await browser.startTracing(tab, { categories: ["loading", "blink.user_timing"] });
  await tab.goto(url);
  await tab.waitForTimeout(600);
  const times = await tab.evaluate(() => globalThis.nameplate?.diagnose().times ?? {});
  const traceEvents = JSON.parse(String(await browser.stopTracing())).traceEvents.sort((one, other) => one.ts - other.ts);
  await context.close();
  const begun = traceEvents.findLast(({ name, args }) => name === "navigationStart" && args.data?.documentLoaderURL === url);
  const mine = traceEvents.filter(({ pid, ts }) => pid === begun.pid && ts >= begun.ts);
  const last = (wanted) => (mine.findLast(({ name }) => name === wanted).ts - begun.ts) / 1000;
  const shifts = mine.filter(({ name }) => name === "LayoutShift").map(({ args }) => args.data.score);
  return {
    lcp: last("largestContentfulPaint::Candidate"),
    paint: last("firstContentfulPaint"),
    shift: shifts.reduce((sum, one) => sum + one, 0),
    applied: times.apply,
    // The slice may be there before the core and the runtime are: what counts is from when all of it is.
    toApplied: times.apply - Math.max(times.slice, times.core, times.runtime),
  };
}
