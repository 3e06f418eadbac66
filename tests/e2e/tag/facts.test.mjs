// What rules read of a page view, as a real browser tells it, and what ad servers are told of the account.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../server.mjs";
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

/** A page that sets a cookie, and then has the tag. */
const withCookie = (cookie, tag = TAG, rest = "") => ({ page: () => ({ head: `<script>document.cookie = ${JSON.stringify(cookie)}</script>${rest}${tag}` }) });

test("rules read cookies, one that is not necessary only with consent", async () => {
  const shows = (options, expect) =>
    visit(options, async ({ page, diagnose, problems }) => {
      assert.equal(await role(page), expect);
      assert.equal((await diagnose()).failure, null);
      assert.deepEqual(problems, []);
    });
  const ASKING = TAG.replace(' data-np-consent="granted"', "");
  await shows(withCookie('member="yes"'), "For members");
  await shows(withCookie("member=yes", ASKING), "For members");
  await shows(withCookie("member=%79es"), "Nice to meet you");
  await shows(withCookie("xmember=yes"), "Nice to meet you");
  await shows(withCookie("region=eu"), "For Europe");
  await shows(withCookie("region=eu", ASKING), "Nice to meet you");
  await visit(withCookie("region=eu", ASKING), async ({ page }) => {
    await page.evaluate(() => globalThis.nameplate.consent({ storage: true }));
    assert.equal(await role(page), "For Europe");
    await page.evaluate(() => globalThis.nameplate.consent({ storage: false }));
    assert.equal(await role(page), "Nice to meet you");
    // A cookie that comes later counts from the next decision on.
    await page.evaluate(() => {
      document.cookie = "member=yes";
      globalThis.nameplate.set({ seats: 1 });
    });
    assert.equal(await role(page), "For members");
  });
});

test("no cookie's value is told or kept, and a page whose cookies cannot be read is decided without", async () => {
  const SECRET = "a-secret-of-the-visitor";
  await visit(withCookie(`member=${SECRET}`), async ({ page, dom, told, diagnose }) => {
    assert.equal(await role(page), "Nice to meet you");
    await page.evaluate(() => globalThis.nameplate.track("signup"));
    const known = await page.evaluate(() => JSON.stringify([globalThis.nameplate.facts(), globalThis.nameplate.decision(), globalThis.nameplate.diagnose(), { ...localStorage }, { ...sessionStorage }]));
    // The page itself has written it into its own script.
    const rest = (await dom()).replaceAll(`document.cookie = "member=${SECRET}"`, "");
    assert.ok(![known, rest, told.join()].some((text) => text.includes(SECRET)));
    assert.equal((await diagnose()).failure, null);
  });
  const shadowed = '<script>Object.defineProperty(document, "cookie", { get() { throw new Error("thrown on purpose"); } })</script>';
  await visit(withCookie("member=yes", TAG, shadowed), async ({ page, diagnose }) => {
    assert.equal(await role(page), "Nice to meet you");
    assert.deepEqual([(await diagnose()).state, (await diagnose()).failure], ["decided", null]);
  });
});

test("facts of the wrong type are passed over, and those that come later count", async () => {
  await visit({}, async ({ page, dom, diagnose }) => {
    const set = (facts) => page.evaluate((given) => globalThis.nameplate.set(given), facts);
    const before = await dom();
    for (const facts of [{ visits: "many" }, { visits: 1e300 }, { visits: true }, { role: 3 }, { language: false }, { id: ["a"] }, { id: 0.5 }, { plan: {} }]) {
      await set(facts);
      const { state, failure } = await diagnose();
      assert.deepEqual({ state, failure }, { state: "decided", failure: null }, JSON.stringify(facts));
    }
    assert.equal(await dom(), before);
    await set({ role: "champion", visits: 2.5 });
    assert.equal(await role(page), "Welcome back");
    // What a wrong one would have taken the place of stays.
    await set({ role: 3 });
    assert.equal(await role(page), "Welcome back");
  });
});

test("an id that is a number is a text", async () => {
  await visit({}, async ({ page, told, diagnose }) => {
    await page.evaluate(() => {
      globalThis.nameplate.set({ id: 4711 });
      globalThis.nameplate.track("signup");
    });
    assert.equal((await diagnose()).failure, null);
    await page.evaluate(() => globalThis.nameplate.stop());
    await eventually(() => assert.equal(told.flatMap((body) => JSON.parse(body)).find(({ type }) => type === "conversion")?.visitor, "4711"));
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
