// Redirects: where a visitor is sent, what goes along, and all that keeps a page from going round in circles.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../server.mjs";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

/** Where the page is once nothing moves it any more. */
async function settled(page) {
  let path;
  await eventually(async () => {
    const now = await page.evaluate(() => (globalThis.nameplate?.diagnose().state === "decided" ? location.pathname + location.search + location.hash : null)).catch(() => null);
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => location.pathname + location.search + location.hash).catch(() => ""), now);
    path = now;
  });
  return path;
}

const why = (page) => page.evaluate(() => globalThis.nameplate.diagnose().applied.find(({ about }) => about === "redirect").problem);
const open = (path, look, options = {}) => visit({ path, settled: false, ...options }, look);

test("the visitor is sent on, in the place of the page, with campaign and anchor", async () => {
  await open("/start", async ({ page, url, problems }) => {
    assert.equal(await settled(page), "/from/start?of=alder");
    const entries = await page.evaluate(() => history.length);
    await page.goto(`${url}/start?utm_source=mail&of=mine#plans`);
    // Once a visit.
    assert.equal(await settled(page), "/start?utm_source=mail&of=mine#plans");
    assert.equal(await why(page), "this visit was sent there before");
    assert.equal(await page.evaluate(() => history.length), entries + 1);
    assert.deepEqual(problems, []);
  });
  await open("/start?utm_source=mail&utm_source=two&of=mine#plans", async ({ page }) => {
    assert.equal(await settled(page), "/from/start?of=alder&utm_source=mail&utm_source=two#plans");
  });
});

test("pages that send to each other are left on the second visit of either", async () => {
  await open("/circle/a", async ({ page, asked }) => {
    assert.equal(await settled(page), "/circle/a");
    assert.deepEqual(asked.filter((path) => path.startsWith("/circle")), ["/circle/a", "/circle/b", "/circle/a"]);
    assert.equal(await why(page), "this visit was sent there before");
  });
});

test("a page that sends to itself stays, whatever its query", async () => {
  await open("/itself/", async ({ page, asked }) => {
    assert.equal(await settled(page), "/itself/");
    assert.equal(await why(page), "it leads to this page");
    assert.equal(asked.filter((path) => path.startsWith("/itself")).length, 1);
  });
});

const ASK = TAG.replace(' data-np-consent="granted"', "");

test("without consent to storage the visitor stays, and is not sent on when it comes", async () => {
  await open("/start", async ({ page }) => {
    assert.equal(await settled(page), "/start");
    assert.match(await why(page), /cannot be remembered/);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    await page.evaluate(() => globalThis.nameplate.consent({ storage: true }));
    await page.evaluate(() => globalThis.nameplate.set({ role: "user" }));
    assert.equal(await settled(page), "/start");
  }, { page: () => ({ head: ASK }) });
});

test("where storage is full, broken or another's, the visitor stays", async () => {
  for (const code of [
    "Storage.prototype.setItem = () => { throw new Error('full') }",
    "Storage.prototype.setItem = () => {}",
    "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })",
  ]) {
    await open("/start", async ({ page }) => {
      assert.equal(await settled(page), "/start");
      assert.match(await why(page), /cannot be remembered/);
    }, { page: () => ({ head: `<script>${code}</script>${TAG}` }) });
  }
  const kept = (value) => `<script>localStorage.setItem("nameplate:1:redirects", ${JSON.stringify(JSON.stringify(value))})</script>${TAG}`;
  for (const value of ["x", null, 7, [], { visits: 1 }, { visits: 1, pages: [null, 7] }, { visits: 9, pages: ["x"] }]) {
    await open("/start", async ({ page }) => assert.equal(await settled(page), "/from/start?of=alder"), { page: (path) => ({ head: path === "/start" ? kept(value) : TAG }) });
  }
});

test("in a frame the page stays", async () => {
  const page = (path) => (path === "/" ? { head: "", body: '<iframe src="/start"></iframe>' } : {});
  await open("/", async ({ page }) => {
    await eventually(async () => assert.equal(await page.frames()[1].evaluate(() => globalThis.nameplate?.diagnose().state), "decided"));
    await page.waitForTimeout(100);
    assert.equal(new URL(page.frames()[1].url()).pathname, "/start");
  }, { page });
});

test("a page that is prerendered waits until it is looked at", async () => {
  const prepare = (page) => page.addInitScript(() => {
    if (location.pathname === "/start") Object.defineProperty(document, "prerendering", { configurable: true, get: () => globalThis.isSeen !== true });
  });
  await open("/start", async ({ page }) => {
    assert.equal(await settled(page), "/start");
    await page.evaluate(() => {
      globalThis.isSeen = true;
      document.dispatchEvent(new Event("prerenderingchange"));
    });
    assert.equal(await settled(page), "/from/start?of=alder");
  }, { prepare });
});

test("a new address inside of a page is a page view, too", async () => {
  await open("/", async ({ page }) => {
    assert.equal(await settled(page), "/");
    await page.evaluate(() => history.pushState(null, "", "/start"));
    assert.equal(await settled(page), "/from/start?of=alder");
  });
});

test("another origin gets no query, and after stop nobody is sent anywhere", async () => {
  const gone = [];
  const prepare = (page) => page.route("https://shop.example.com/**", (route) => (gone.push(route.request().url()), route.fulfill({ contentType: "text/html", body: "<title>shop</title>" })));
  await open("/shop?token=mine#x", async ({ page }) => {
    await page.waitForURL("https://shop.example.com/**");
    assert.deepEqual(gone, ["https://shop.example.com/banks"]);
  }, { prepare });
  await open("/shop", async ({ page, url }) => {
    await page.waitForFunction(() => globalThis.nameplate?.diagnose().state === "stopped");
    await page.waitForTimeout(100);
    assert.equal(page.url(), `${url}/shop`);
    assert.equal(gone.length, 1);
  }, { prepare, page: () => ({ head: `<script>window.nameplate = [(tag) => tag.stop()]</script>${TAG}` }) });
});

test("what was decided before the visitor left is told", async () => {
  await open("/start", async ({ page, told }) => {
    assert.equal(await settled(page), "/from/start?of=alder");
    await eventually(() => assert.ok(told.flatMap((text) => JSON.parse(text)).some(({ type, experience, path }) => type === "exposure" && experience === "away" && path === "/start")));
  });
});
