// A single-page app that somebody leaves open: nothing grows, however often its address and its elements change. `make soak` asks for
// ten thousand changes, `make test` for fewer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const SWAPS = Number(process.env.NAMEPLATE_SWAPS ?? 2_000);
/** Bytes that a heap may differ by from one collection to the next: ten thousand swaps that leak 50 bytes each are over it. */
const NOISE = 2 ** 19;
/** Timers that run, counted before any script of the page asks for one. */
const COUNT_TIMERS = `<script>
window.timers = new Set();
const { setTimeout: set, clearTimeout: clear } = window;
window.setTimeout = (call, delay, ...given) => {
  const timer = set(() => (timers.delete(timer), call(...given)), delay);
  timers.add(timer);
  return timer;
};
window.clearTimeout = (timer) => (timers.delete(timer), clear(timer));
</script>`;

test(`${SWAPS.toLocaleString("en")} changes of address and of elements leave a page as it was`, { timeout: 300_000 }, async () => {
  await visit({ page: () => ({ head: COUNT_TIMERS + TAG.replace("><", ' data-np-adapters="datalayer"><') }) }, async ({ page, diagnose, problems }) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const swap = (swaps) =>
      page.evaluate(async (swaps) => {
        const routes = ["/pricing", "/plants", "/?page=1", "/"];
        for (let count = 0; count < swaps; count += 1) {
          // As a router does it: a new element, then the new address.
          const fresh = document.createElement("h1");
          fresh.textContent = "Welcome";
          document.querySelector("h1").replaceWith(fresh);
          history.replaceState(null, "", routes[count % routes.length]);
          await new Promise((resolve) => (count % 100 === 99 ? requestAnimationFrame(resolve) : queueMicrotask(resolve)));
        }
        // What the page's vendors were told is theirs to keep.
        if (globalThis.dataLayer) globalThis.dataLayer.length = 0;
      }, swaps);
    const held = async () => {
      for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
      const { metrics } = await session.send("Performance.getMetrics");
      const { JSHeapUsedSize: heap, Nodes: nodes, JSEventListeners: listeners } = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
      return { heap, nodes, listeners, timers: await page.evaluate(() => globalThis.timers.size) };
    };
    await swap(SWAPS / 4);
    const early = await held();
    await swap(SWAPS);
    const late = await held();
    const said = `early ${JSON.stringify(early)}, late ${JSON.stringify(late)}`;
    console.log(said);
    assert.ok(late.heap <= early.heap + NOISE, said);
    for (const what of ["nodes", "listeners", "timers"]) assert.ok(late[what] <= early[what], `${what}: ${said}`);
    assert.ok((await diagnose()).decisions >= SWAPS);
    assert.deepEqual(await page.evaluate(() => ["h1", "#cta"].map((selector) => document.querySelector(selector).textContent)), ["Hello, Alder Bank", "See the plan"]);
    assert.equal(await page.locator("#ad .np-ad").count(), 1);
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await page.evaluate(() => globalThis.timers.size), 0);
    assert.deepEqual(problems, []);
  });
});
