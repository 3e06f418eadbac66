// Personalised pages are as accessible as their author made them, and the marketer's preview is without a fault: axe-core on the
// sample's pages as several accounts see them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { startPreview } from "./server.mjs";

const require = createRequire(new URL("../../www/package.json", import.meta.url));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const WHEN = "2026-06-15T10:00";
/** One of each industry that the sample has most to say to, a customer among them, and one who is only a visitor. */
const VISITORS = ["account=siemens", "account=deutsche-bank", "account=novartis", "account=lockheed-martin", "account=dhl-group", "visits=5"];
const PAGES = ["/", "/pricing", "/customers"];

let browser;
let preview;
let page;

before(async () => {
  preview = await startPreview();
  browser = await launch();
  ({ page } = await openPage(browser));
});

after(async () => {
  await browser?.close();
  await preview?.stop();
});

/** What axe-core finds wrong in a page or a frame, as `rule element`. */
async function violations(frame) {
  await frame.evaluate(AXE);
  const found = await frame.evaluate(() => globalThis.axe.run(document, { iframes: false, resultTypes: ["violations"] }));
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.flat().join(" ")}`));
}

/** The sample's page in the preview's frame. */
async function open(query) {
  await page.goto(`${preview.url}/?now=${WHEN}&${query}`);
  await page.waitForSelector("#panel[data-ready=true]");
  return page.frames()[1];
}

for (const path of PAGES) {
  test(`what ${path} shows to anybody adds no fault to it, and neither does the preview around it`, async () => {
    const before = new Set(await violations(await open(`page=${path}&view=default`)));
    assert.deepEqual(await violations(page), []);
    let ads = 0;
    for (const visitor of VISITORS) {
      const frame = await open(`page=${path}&${visitor}`);
      ads += await frame.locator(".np-ad").count();
      assert.deepEqual((await violations(frame)).filter((one) => !before.has(one)), [], visitor);
      assert.deepEqual(await violations(page), [], `the preview of ${visitor}`);
    }
    assert.ok(path !== "/" || ads > 0, "no ad was shown");
  });
}

test("the preview reads in one column where there is room for one, down to 320 pixels, and nothing sticks out (WCAG 1.4.10)", async () => {
  const size = page.viewportSize();
  await open("account=siemens");
  for (const width of [320, 390, 768, 999]) {
    await page.setViewportSize({ width, height: 844 });
    for (const isOpen of [true, false]) {
      await page.click("#more > summary");
      const { wide, out } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        out: [...document.querySelectorAll("input, select, button, summary, a, .popover, .card, .sheet")]
          .filter((one) => one.checkVisibility() && (one.getBoundingClientRect().left < 0 || one.getBoundingClientRect().right > innerWidth + 0.5))
          .map(({ id, className }) => `${id} ${className}`),
      }));
      assert.deepEqual({ width, isOpen, wide, out }, { width, isOpen, wide: width, out: [] });
    }
  }
  await page.setViewportSize(size);
});
