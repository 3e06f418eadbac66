// Consent, facts and events through the tag itself: what a site that pastes it gets.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../server.mjs";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const ASKING = TAG.replace(' data-np-consent="granted"', "");
const text = (page, selector) => page.locator(selector).first().textContent();
const ads = (page) => page.locator("#ad .np-ad").count();

/** Keeps the events that a page sends, in its own time. */
async function keepEvents(page) {
  await page.addInitScript(() => {
    globalThis.sent = [];
    navigator.sendBeacon = (url, body) => globalThis.sent.push({ path: new URL(url).pathname, events: JSON.parse(body) }) > 0;
  });
}

const sent = (page) => page.evaluate(() => globalThis.sent.flatMap(({ events }) => events));
const stop = (page) => page.evaluate(() => globalThis.nameplate.stop());

test("without consent the content shows, no ad does, and nothing is stored or told", async () => {
  await visit({ prepare: keepEvents, page: () => ({ head: ASKING }) }, async ({ page, problems }) => {
    assert.deepEqual([await text(page, "h1"), await ads(page)], ["Hello, Alder Bank", 0]);
    await page.evaluate(() => globalThis.nameplate.track("signup", 3));
    await stop(page);
    assert.deepEqual((await sent(page)).map(({ type, name, value }) => [type, name, value]), [["conversion", "signup", 3]]);
    assert.ok(!/alder|hello/i.test(JSON.stringify(await sent(page))));
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
    assert.deepEqual(problems, []);
  });
});

test("a consent that the page gives shows ads and tells, and takes both back", async () => {
  await visit({ prepare: keepEvents, page: () => ({ head: ASKING }) }, async ({ page }) => {
    await page.evaluate(() => globalThis.nameplate.consent({ storage: true, ads: true, measurement: true }));
    assert.equal(await ads(page), 1);
    assert.equal(await page.evaluate(() => localStorage.length), 1);
    await page.evaluate(() => globalThis.nameplate.consent({ storage: false, ads: false }));
    assert.equal(await ads(page), 0);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await stop(page);
    const events = await sent(page);
    assert.ok(events.some(({ type, experience }) => type === "exposure" && experience === "hello"));
    assert.ok(!JSON.stringify(events).includes("visitor"));
    assert.deepEqual(await page.evaluate(() => globalThis.sent.map(({ path }) => path)), ["/np/events"]);
  });
});

test("what the page says before the tag has loaded counts from the first decision on", async () => {
  const head = `<script>(window.nameplate = window.nameplate || []).push((tag) => {
    tag.consent({ storage: true, ads: true, measurement: true });
    tag.set({ role: "champion", visits: 2, plan: "pro" });
    tag.track("early");
  })</script>${ASKING}`;
  await visit({ prepare: keepEvents, page: () => ({ head }) }, async ({ page, diagnose }) => {
    assert.deepEqual([await text(page, "#role"), await ads(page), (await diagnose()).decisions], ["Welcome back", 1, 1]);
    const { custom, visits, role } = await page.evaluate(() => globalThis.nameplate.facts());
    assert.deepEqual({ custom, visits, role }, { custom: { plan: "pro" }, visits: 2, role: "champion" });
    await stop(page);
    assert.ok((await sent(page)).some(({ name }) => name === "early"));
  });
});

test("Global Privacy Control beats what the site says", async () => {
  const prepare = async (page) => {
    await keepEvents(page);
    await page.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }));
  };
  await visit({ prepare }, async ({ page }) => {
    assert.deepEqual([await text(page, "h1"), await ads(page)], ["Hello, Alder Bank", 0]);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    await stop(page);
    assert.deepEqual(await sent(page), []);
  });
});

test("a silent consent platform costs half a second of Default, and a stop meanwhile is a stop", async () => {
  const head = `<script>window.__tcfapi = () => undefined</script>${ASKING}`;
  await visit({ page: () => ({ head }) }, async ({ page, diagnose }) => {
    const { times } = await diagnose();
    assert.ok(times.consent >= 499 + times.start, JSON.stringify(times));
    assert.deepEqual([await text(page, "h1"), await ads(page)], ["Hello, Alder Bank", 0]);
  });
  await visit({ settled: false, page: () => ({ head }) }, async ({ page, diagnose }) => {
    await eventually(async () => assert.ok((await diagnose()).times.open > 0));
    await stop(page);
    await page.waitForTimeout(700);
    assert.deepEqual([await text(page, "h1"), (await diagnose()).state], ["Welcome", "stopped"]);
  });
});

test("an element that comes late makes its impression, and a click on an ad is one", async () => {
  await visit({ prepare: keepEvents }, async ({ page }) => {
    await page.evaluate(() => document.body.insertAdjacentHTML("afterbegin", "<p id=late>Later</p>"));
    await page.waitForTimeout(1_400);
    await page.evaluate(() => {
      document.addEventListener("click", (event) => event.preventDefault());
      document.querySelector("#ad .np-ad").shadowRoot.querySelector("a").click();
    });
    await stop(page);
    const events = await sent(page);
    assert.ok(events.some(({ type, slot }) => type === "impression" && slot === "late"));
    assert.ok(events.some(({ type, placement, creative }) => type === "click" && placement === "box" && creative === "words"));
  });
});

test("what the server could not take goes again while the page is open", async () => {
  const answers = { "/np/events": { status: 503 } };
  const prepare = (page) => page.clock.install();
  await visit({ answers, prepare }, async ({ page, told, problems }) => {
    const tellsAgain = (count) => eventually(async () => {
      await page.clock.runFor(5_000);
      assert.ok(told.length >= count);
    });
    await tellsAgain(1);
    await tellsAgain(2);
    answers["/np/events"].status = 204;
    await tellsAgain(told.length + 1);
    const [first, last] = [told[0], told.at(-1)].map((body) => JSON.parse(body).map(({ id }) => id));
    assert.ok(first.length > 0 && first.every((id) => last.includes(id)), `${first} ${last}`);
    assert.deepEqual(problems.filter((problem) => !problem.includes("503")), []);
  });
});

test("vendors that the site names are told, in the page's own names for them", async () => {
  const head = TAG.replace("><", ' data-np-adapters="datalayer gpt" data-np-account="events"><');
  await visit({ prepare: keepEvents, page: () => ({ head }) }, async ({ page }) => {
    const [told, commands] = await page.evaluate(() => [globalThis.dataLayer, globalThis.googletag.cmd.length]);
    assert.ok(told.some(({ event, experience }) => event === "nameplate_exposure" && experience === "hello"));
    assert.equal(commands, 1);
    assert.ok(!JSON.stringify(told).includes("alder"));
    await stop(page);
    assert.ok((await sent(page)).every(({ account }) => account === "alder"));
  });
});

test("a second visit is counted, and its time away is known", async () => {
  await visit({}, async ({ page }) => {
    await page.evaluate(() => {
      const key = "nameplate:1:visits";
      const kept = JSON.parse(localStorage.getItem(key));
      localStorage.setItem(key, JSON.stringify({ ...kept, first: kept.first - 3 * 86_400, last: kept.last - 3 * 86_400 }));
    });
    await page.reload();
    await eventually(async () => assert.equal(await page.evaluate(() => globalThis.nameplate.diagnose().state), "decided"));
    const { visits, daysAway } = await page.evaluate(() => globalThis.nameplate.facts());
    // The page that goes writes nothing of its own over what the test has written.
    assert.deepEqual([visits, daysAway], [2, 3]);
  });
});
