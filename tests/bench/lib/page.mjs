// What the tag costs a page, in Chromium: the sample's home page as Siemens sees it, in the ways a page can load the tag, one after the
// other in each run, each time in a browser that has nothing in its cache. The network is this machine's own, with 20 ms before each answer.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { launch } from "../../e2e/browser.mjs";
import { serve, TAG } from "../../e2e/tag/site.mjs";
import { DIST, PROGRAM, ROOT, SETS } from "./places.mjs";

export const DELAY_MS = 20;
const SLOTS = "#announcement p, #nav-cta, #hero .kicker, #hero h1, #hero-body, #hero-cta, #hero-cta-second, #hero-image, #proof-body, #use-case-body, #next-step-body";
const OWN = '<script async src="/np/tag.js"></script>';
/** The page's own style sheet, and the same with what hides slots in it: no request more. */
const STYLES = "/css/site.css";
const HIDING = "/css/hiding.css";
const TYPES = { css: "text/css", svg: "image/svg+xml", png: "image/png", jpg: "image/jpeg", webp: "image/webp" };

const asset = (path) => ({ type: TYPES[path.split(".").pop()] ?? "text/html", status: 200, headers: {}, body: readFileSync(join(ROOT, "data/site/assets", path)) });
const granted = (head) => head.replace("async", 'async data-np-consent="granted"');

/** What stands in the head; the first is the page without us. */
function waysOf(slice) {
  const fastest = granted(readFileSync(join(DIST, "tag.html"), "utf8"));
  const inline = `<script type="application/octet-stream" id="np-slice">${slice.toString("base64")}</script>`;
  return {
    "without": "",
    "tag": TAG,
    "tag, 11 slots hidden": TAG.replace("async", 'async fetchpriority="high"'),
    "`tag.html`": fastest,
    "`tag.html`, 11 slots hidden": fastest,
    "`tag.html`, slice in the page, 11 slots hidden": inline + fastest.replace(/^.*slice.*$/m, ""),
    "`tag.html` with `blocking=\"render\"`, 11 slots hidden": fastest.replace("async", 'async blocking="render"'),
  };
}

function makeSlice() {
  mkdirSync(SETS, { recursive: true });
  const [site, slice] = ["sample.npb", "siemens.npb"].map((name) => join(SETS, name));
  execFileSync(PROGRAM, ["build", join(ROOT, "data/site"), "-o", site], { stdio: "ignore" });
  execFileSync(PROGRAM, ["slice", site, "--account", "siemens", "-o", slice], { stdio: "ignore" });
  return readFileSync(slice);
}

/** `found[way]` lists, run by run, the milliseconds since the navigation began, and the layout's shift. */
export async function loads(runs) {
  const slice = makeSlice();
  const ways = waysOf(slice);
  const html = readFileSync(join(ROOT, "data/site/pages/index.html"), "utf8");
  const page = (path) => {
    const way = Object.keys(ways)[Number(/^\/way(\d)\//.exec(path)?.[1] ?? -1)];
    if (way !== undefined) return html.replace(OWN, `<base href="/">${ways[way]}`).replace(STYLES, way.includes("hidden") ? HIDING : STYLES);
    if (path === HIDING) return { ...asset(STYLES), body: `${asset(STYLES).body}\n@keyframes np-slot { from, to { visibility: hidden } }\n${SLOTS} { animation: np-slot 200ms }` };
    return asset(path);
  };
  const answers = new Proxy({}, { get: (_, path) => ({ ...(path === "/np/slice" && { body: slice }), delay: DELAY_MS }) });
  const server = await serve({ page, answers });
  const browser = await launch();
  const found = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  try {
    for (let run = 0; run < runs; run += 1) {
      for (const [at, way] of Object.keys(ways).entries()) found[way].push(await load(browser, `${server.url}/way${at}/`));
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return { found, sliceBytes: slice.length };
}

/** Of the browser's own trace, and of its list of what was loaded. */
async function load(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const tab = await context.newPage();
  await browser.startTracing(tab, { categories: ["loading", "blink.user_timing"] });
  await tab.goto(url);
  await tab.waitForTimeout(600);
  const { times, arrivals } = await tab.evaluate(() => ({
    times: globalThis.nameplate?.diagnose().times ?? {},
    arrivals: performance.getEntries().filter(({ responseEnd }) => responseEnd > 0).map(({ name, responseEnd }) => [name, responseEnd]),
  }));
  const traceEvents = JSON.parse(String(await browser.stopTracing())).traceEvents.sort((one, other) => one.ts - other.ts);
  await context.close();
  const begun = traceEvents.findLast(({ name, args }) => name === "navigationStart" && args.data?.documentLoaderURL === url);
  const mine = traceEvents.filter(({ pid, ts }) => pid === begun.pid && ts >= begun.ts);
  const last = (wanted) => (mine.findLast(({ name }) => name === wanted).ts - begun.ts) / 1000;
  const shifts = mine.filter(({ name }) => name === "LayoutShift").map(({ args }) => args.data.score);
  const [, sliceAt] = arrivals.find(([name]) => name.endsWith("/np/slice")) ?? arrivals.find(([name]) => name === url);
  return {
    lcp: last("largestContentfulPaint::Candidate"),
    paint: last("firstContentfulPaint"),
    shift: shifts.reduce((sum, one) => sum + one, 0),
    applied: times.apply,
    fromSlice: times.apply - sliceAt,
    // The slice may be there before the core and the runtime are: this is from when all of it is.
    fromAll: times.apply - Math.max(times.slice, times.core, times.runtime),
  };
}
