// What rules read of a page view, as a real browser tells it, and what ad servers are told of the account.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const role = (page) => page.locator("#role").textContent();

test("rules read device, time zone, viewport and visibility", async () => {
  const context = { timezoneId: "Asia/Tokyo", viewport: { width: 640, height: 480 } };
  await visit({ context }, async ({ page }) => assert.equal(await role(page), "Good morning"));
  await visit({ context: { ...context, timezoneId: "Europe/Berlin" } }, async ({ page }) => assert.equal(await role(page), "Nice to meet you"));
  await visit({ context: { ...context, hasTouch: true, isMobile: true } }, async ({ page }) => assert.equal(await role(page), "Nice to meet you"));
});

test("rules read what the page tells on its own, as soon as it does", async () => {
  await visit({}, async ({ page, diagnose }) => {
    const set = (facts) => page.evaluate((given) => globalThis.nameplate.set(given), facts);
    await set({ plan: "pro", seats: 10.9, trial: true, undeclared: "x", huge: 1e300 });
    assert.equal(await role(page), "More seats");
    await set({ seats: "10" });
    assert.equal(await role(page), "Nice to meet you");
    await set({ seats: 11 });
    assert.equal(await role(page), "More seats");
    await set({ plan: null });
    assert.equal(await role(page), "Nice to meet you");
    assert.equal((await diagnose()).failure, null);
  });
});

test("ad servers are told what the site says of the account, with consent", async () => {
  const head = `<script>window.googletag = { cmd: { push: (f) => f() }, setConfig: (config) => { window.told = config.targeting } }</script>${TAG.replace("><", ' data-np-adapters="gpt"><')}`;
  const told = (page) => page.evaluate(() => globalThis.told);
  await visit({ page: () => ({ head }) }, async ({ page }) => {
    const { np_tier, np_stage, np_segment, np_account } = await told(page);
    assert.deepEqual([np_tier, np_stage, np_segment, np_account], ["1", null, ["banks"], null]);
  });
  const asking = head.replace(' data-np-consent="granted"', "");
  await visit({ page: () => ({ head: asking }) }, async ({ page }) => assert.equal(await told(page), undefined));
});
