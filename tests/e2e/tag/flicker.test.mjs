// No flicker: only slots that the page names are hidden, by its own style, for 200 ms at most, whatever becomes of us.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { BODY, dist, TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

/** As in docs/tag.md. */
const CSS = `@keyframes np-slot { from, to { visibility: hidden } }
h1, .lead, #cta { animation: np-slot 200ms }
#ad { min-height: 250px }`;
const STYLE = '<link rel="stylesheet" href="/hide.css">';
const answers = { "/hide.css": { type: "text/css", body: CSS } };
const visibility = (page, selector) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).visibility);

test("hidden slots are shown as soon as they are decided, and nothing else was hidden", async () => {
  await visit({ answers, page: () => ({ head: STYLE + TAG }) }, async ({ page, dom }) => {
    for (const selector of ["h1", ".lead", "#cta", "#role"]) assert.equal(await visibility(page, selector), "visible");
    assert.doesNotMatch(await dom(), /hidden|animation/);
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await visibility(page, "h1"), "visible");
  });
});

test("without an answer the style itself ends the hiding, after 200 ms", async () => {
  const silent = { ...answers, "/np/slice": { delay: 60_000 } };
  await visit({ answers: silent, settled: false, page: () => ({ head: STYLE + TAG }) }, async ({ page }) => {
    await page.waitForFunction(() => globalThis.nameplate !== undefined);
    const ends = await page.evaluate(() => {
      // Begun anew, and at its end: the clock is the test's.
      return [...document.querySelectorAll("h1, .lead, #cta")].map((element) => {
        element.style.animation = "none";
        getComputedStyle(element).visibility;
        element.removeAttribute("style");
        const [animation] = element.getAnimations();
        const seen = [getComputedStyle(element).visibility];
        animation.currentTime = 199;
        seen.push(getComputedStyle(element).visibility);
        animation.currentTime = 200;
        return [...seen, getComputedStyle(element).visibility, animation.effect.getComputedTiming().endTime];
      });
    });
    for (const end of ends) assert.deepEqual(end, ["hidden", "hidden", "visible", 200]);
    assert.equal(await visibility(page, "#role"), "visible");
  });
});

test("without scripts the page shows itself too", async () => {
  await visit({ answers, settled: false, context: { javaScriptEnabled: false }, page: () => ({ head: STYLE + TAG }) }, async ({ page }) => {
    await page.waitForTimeout(250);
    assert.equal(await page.locator("h1").isVisible(), true);
  });
});

test("the page is painted with its slots before it gets its ads", async () => {
  const prepare = (page) =>
    page.addInitScript(() => {
      globalThis.order = [];
      const [frame, later] = [requestAnimationFrame, setTimeout];
      globalThis.requestAnimationFrame = (work) => frame((now) => (globalThis.order.push(`frame: ${document.querySelector("h1").textContent}`), work(now)));
      // Only frames count here, however long they take.
      globalThis.setTimeout = (work, delay, ...rest) => (delay === 100 ? 0 : later(work, delay, ...rest));
      new MutationObserver(() => document.querySelector("#ad .np-ad") && globalThis.order.push("ad")).observe(document, { childList: true, subtree: true });
    });
  await visit({ answers, prepare, page: () => ({ head: STYLE + TAG }) }, async ({ page, diagnose }) => {
    assert.deepEqual((await page.evaluate(() => globalThis.order)).slice(0, 3), ["frame: Hello, Alder Bank", "frame: Hello, Alder Bank", "ad"]);
    assert.deepEqual((await diagnose()).applied.at(-1), { about: "box", elements: 1, problem: null });
  });
});

test("where the page keeps room for the ad, nothing moves", async () => {
  const body = BODY.replaceAll("<p id=", '<p style="height:3em" id=') + "<p>Below</p>";
  const css = { "/hide.css": { type: "text/css", body: `${CSS}\nh1 { height: 2em } .lead { height: 3em } #picture { width: 9px; height: 9px } #cta { display: block }` } };
  const prepare = (page) =>
    page.addInitScript(() => {
      globalThis.shift = 0;
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) globalThis.shift += value;
      }).observe({ type: "layout-shift", buffered: true });
    });
  await visit({ answers: { ...css, "/np/slice": { delay: 150 } }, prepare, page: () => ({ head: STYLE + TAG, body }) }, async ({ page }) => {
    await page.waitForTimeout(150);
    assert.equal(await page.locator("#ad .np-ad").count(), 1);
    const shift = await page.evaluate(() => globalThis.shift);
    assert.ok(shift <= 0.02, `the layout shifted by ${shift}`);
  });
});

test("slots that a framework makes anew are not hidden again", async () => {
  await visit({ answers, page: () => ({ head: STYLE + TAG }) }, async ({ page }) => {
    const seen = await page.evaluate(async () => {
      const fresh = document.createElement("h1");
      fresh.textContent = "Welcome";
      document.querySelector("h1").replaceWith(fresh);
      return new Promise((resolve) => requestAnimationFrame(() => resolve([fresh.textContent, getComputedStyle(fresh).visibility])));
    });
    assert.deepEqual(seen, ["Hello, Alder Bank", "visible"]);
  });
});

test("slots that the page takes away and puts back are not hidden for ever", async () => {
  await visit({ answers, page: () => ({ head: STYLE + TAG }) }, async ({ page }) => {
    const seen = await page.evaluate(async () => {
      const frame = () => new Promise(requestAnimationFrame);
      const heading = document.querySelector("h1");
      const next = heading.nextSibling;
      await frame();
      heading.remove();
      await frame();
      next.before(heading);
      const seen = [];
      for (const animation of heading.getAnimations()) {
        seen.push(getComputedStyle(heading).visibility);
        animation.finish();
      }
      await frame();
      return [...seen, getComputedStyle(heading).visibility];
    });
    assert.deepEqual(seen, ["visible", "visible"]);
  });
});

test("a style sheet that comes after the decision hides nothing any more", async () => {
  await visit({ page: () => ({ head: TAG }) }, async ({ page }) => {
    await page.addStyleTag({ content: CSS.replace("200ms", "60s") });
    for (const selector of ["h1", ".lead", "#cta"]) assert.equal(await visibility(page, selector), "visible");
  });
});

test("nothing is asked that makes the browser lay the page out", async () => {
  const prepare = (page) =>
    page.addInitScript(() => {
      globalThis.asked = [];
      const watch = (prototype, name, kind) => {
        const own = Object.getOwnPropertyDescriptor(prototype, name);
        Object.defineProperty(prototype, name, { ...own, [kind]: function (...given) {
          if (new Error().stack.includes("/np/")) globalThis.asked.push(name);
          return own[kind].apply(this, given);
        } });
      };
      watch(Document.prototype, "getAnimations", "value");
      for (const name of ["scrollTop", "scrollLeft", "clientWidth", "clientHeight"]) watch(Element.prototype, name, "get");
      watch(HTMLElement.prototype, "offsetParent", "get");
      watch(Element.prototype, "getBoundingClientRect", "value");
    });
  await visit({ answers, prepare, page: () => ({ head: STYLE + TAG }) }, async ({ page }) => {
    assert.deepEqual(await page.evaluate(() => globalThis.asked), []);
  });
});

test('a render-blocking tag runs before the first paint', async () => {
  const head = STYLE + TAG.replace("async", 'async blocking="render"');
  const slow = { ...answers, "/np/tag.js": { delay: 150 } };
  await visit({ answers: slow, page: () => ({ head }) }, async ({ page, diagnose }) => {
    const paint = await page.evaluate(() => performance.getEntriesByName("first-paint")[0]?.startTime ?? Infinity);
    const { times } = await diagnose();
    assert.ok(times.start <= paint, `the tag began at ${times.start}, the page was painted at ${paint}`);
  });
});

test("the lines of `tag.html` ask for all before the tag runs, and for nothing twice", async () => {
  const head = readFileSync(join(dist, "tag.html"), "utf8");
  await visit({ answers: { "/np/tag.js": { delay: 200 } }, page: () => ({ head }) }, async ({ page, diagnose, asked, problems }) => {
    const { failure, times } = await diagnose();
    assert.equal(failure, null);
    assert.deepEqual(asked.filter((path) => path.startsWith("/np/")).sort(), ["/np/core.wasm", "/np/slice", "/np/tag-runtime.js", "/np/tag.js"]);
    const begun = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/np/")).map(({ startTime }) => startTime));
    assert.ok(begun.length === 4 && begun.every((at) => at < times.start), `${begun} against ${times.start}`);
    assert.deepEqual(problems, []);
  });
});
