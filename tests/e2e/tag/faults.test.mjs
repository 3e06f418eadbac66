// What can go wrong around the tag, one fault at a time: the page stays complete, and the tag says what it was.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { BODY, sliceBytes, TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const TIMEOUT = TAG.replace("><", ' data-np-timeout="300"><');
const flipped = (at) => {
  const bytes = Buffer.from(sliceBytes());
  bytes[at] ^= 1;
  return bytes;
};
const binary = (body) => ({ "/np/slice": { body } });
const script = (code) => `<script>${code}</script>${TAG}`;

/** Faults after which the page is as its author wrote it: what goes wrong, at which step, and what is said of it. */
const FAULTS = {
  "the core is not there": [{ answers: { "/np/core.wasm": { status: 404, body: "" } } }, "core", /core\.wasm: .*fetch/],
  "the core is another one": [{ answers: { "/np/core.wasm": { body: Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]) } } }, "core", /./],
  "the runtime is not there": [{ answers: { "/np/tag-runtime.js": { status: 404, body: "" } } }, "runtime", /tag-runtime\.js/],
  "the runtime has the type of a text": [{ answers: { "/np/tag-runtime.js": { type: "text/plain" } } }, "runtime", /tag-runtime\.js/],
  "the runtime is cut short": [{ answers: { "/np/tag-runtime.js": { body: "import {" } } }, "runtime", /./],
  "the runtime exports nothing": [{ answers: { "/np/tag-runtime.js": { body: "" } } }, "runtime", /Session is not a constructor/],
  "the slice is not there": [{ answers: { "/np/slice": { status: 404, body: "" } } }, "slice", /\/np\/slice answered with status 404/],
  "the server is down for the slice": [{ answers: { "/np/slice": { status: 503, body: "" } } }, "slice", /status 503/],
  "the slice is empty": [{ answers: binary("") }, "open", /./],
  "the slice is a page": [{ answers: binary("<!doctype html><title>Log in</title>") }, "open", /./],
  "the slice is cut short": [{ answers: binary(sliceBytes().subarray(0, -9)) }, "open", /./],
  "a bit of the slice is another": [{ answers: binary(flipped(200)) }, "open", /checksum/],
  "the slice is of another version": [{ answers: binary(flipped(8)) }, "open", /./],
  "the slice in the page is no slice": [{ page: () => ({ head: `<script type="application/octet-stream" id="np-slice">?</script>${TAG}` }) }, "slice", /./],
  "the slice takes too long": [{ answers: { "/np/slice": { delay: 3000 } }, page: () => ({ head: TIMEOUT }) }, "timeout", /300 ms/],
  "the core takes too long": [{ answers: { "/np/core.wasm": { delay: 3000 } }, page: () => ({ head: TIMEOUT }) }, "timeout", /300 ms/],
  "the runtime takes too long": [{ answers: { "/np/tag-runtime.js": { delay: 3000 } }, page: () => ({ head: TIMEOUT }) }, "timeout", /300 ms/],
  "there is no fetch": [{ page: () => ({ head: script("delete window.fetch") }) }, /core|slice/, /fetch/],
  "fetch is somebody else's, and throws": [{ page: () => ({ head: script("window.fetch = () => { throw new Error('mine') }") }) }, /core|slice/, /mine/],
  "the network goes away": [{ prepare: (page) => page.route(/slice/, (route) => route.abort("internetdisconnected")) }, "slice", /fetch/i],
  "the folder is no address": [{ page: () => ({ head: TAG.replace("><", ' data-np-base="http://["><') }) }, "config", /./],
  "the folder is a script": [{ page: () => ({ head: TAG.replace("><", ' data-np-base="javascript:1"><') }) }, "config", /address of `javascript:`/],
  "a form is named as a method of the document": [{ page: () => ({ head: TAG.replace("async", "defer"), body: `<form name="getElementById"></form>${BODY}` }) }, "slice", /not a function/],
  "a policy forbids the slice": [{ page: () => ({ headers: { "content-security-policy": "connect-src 'none'" } }) }, /core|slice/, /fetch/i],
  "a policy forbids the runtime": [
    { page: () => ({ head: `<script nonce="x">${"/* the page's own */"}</script>${TAG}`, headers: { "content-security-policy": "script-src 'self'; require-trusted-types-for 'script'; connect-src 'none'" } }) },
    /core|slice/,
    /./,
  ],
};

for (const [name, [options, step, cause]] of Object.entries(FAULTS)) {
  test(`the page stays as it is: ${name}`, async () => {
    const { prepare: _, answers, ...page } = options;
    const before = await authored({ answers, ...page });
    await visit(options, async ({ dom, diagnose, page }) => {
      const { state, failure, applied } = await diagnose();
      assert.equal(state, "default");
      if (step instanceof RegExp) assert.match(failure.step, step);
      else assert.equal(failure.step, step);
      assert.match(failure.cause, cause);
      assert.deepEqual(applied, []);
      await page.waitForTimeout(30);
      assert.equal(await dom(), before);
    });
  });
}

test("a tag that is not there leaves the page, and what it pushed, alone", async () => {
  const head = script("window.nameplate = window.nameplate || []; nameplate.push(() => { window.ran = 1 })");
  const options = { answers: { "/np/tag.js": { status: 404, body: "" } }, page: () => ({ head }) };
  const before = await authored(options);
  await visit({ ...options, settled: false }, async ({ page, dom }) => {
    await page.waitForTimeout(200);
    assert.equal(await dom(), before);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  });
});

test("a tag of another digest than the page names is not run", async () => {
  const head = TAG.replace("><", ' integrity="sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="><');
  const options = { page: () => ({ head }) };
  const before = await authored(options);
  await visit({ ...options, settled: false }, async ({ page, dom }) => {
    await page.waitForTimeout(200);
    assert.equal(await dom(), before);
  });
});

/** Faults that the tag does not mind. */
const HARMLESS = {
  "the core has the type of a text": { answers: { "/np/core.wasm": { type: "text/plain" } } },
  "the slice has no type": { answers: { "/np/slice": { type: "" } } },
  "an element is named currentScript": { page: () => ({ head: `<img name="currentScript">${TAG}` }) },
  "an element is named nameplate": { page: () => ({ head: TAG, body: `${BODY}<p id="nameplate"></p>` }) },
  "forms are named as properties of the document": { page: () => ({ body: `${["referrer", "title", "body", "location", "defaultView"].map((name) => `<form name="${name}"></form>`).join("")}${BODY}` }) },
  "Object.prototype is written on": {
    page: () => ({
      head: script(`for (const name of ["npBase", "base", "slice", "core", "timeout", "method", "body", "signal", "headers", "cache", "credentials", "mode", "integrity",
"account", "url", "ip", "visits", "role", "attributes", "instantiate", "characterData", "once"]) Object.prototype[name] = "polluted";`),
    }),
  },
  "Array.prototype has more": { page: () => ({ head: script("Array.prototype.each = function () {}; Array.prototype.toJSON = undefined; Object.prototype.each = function () {};") }) },
  "JSON, Promise and console are wrapped": {
    page: () => ({ head: script("for (const name of ['parse', 'stringify']) { const own = JSON[name]; JSON[name] = (...given) => own(...given) } console.debug = () => { throw 1 }") }),
  },
  "there is no Navigation API": { page: () => ({ head: script("Object.defineProperty(window, 'navigation', { value: undefined })") }) },
  "storage is full": { page: () => ({ head: script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }") }) },
  "the page is in the background": { page: () => ({ head: script("Object.defineProperty(document, 'visibilityState', { value: 'hidden' }); window.requestAnimationFrame = () => 0") }) },
};

for (const [name, options] of Object.entries(HARMLESS)) {
  test(`the page is personalised all the same: ${name}`, async () => {
    await visit(options, async ({ page, diagnose }) => {
      const { failure } = await diagnose();
      assert.equal(failure, null);
      assert.equal(await page.locator("h1").first().textContent(), "Hello, Alder Bank");
      assert.equal(await page.locator("#ad .np-ad").count(), 1);
    });
  });
}

test("a slow machine is personalised later, and whole", async () => {
  const prepare = async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  };
  await visit({ prepare }, async ({ page, diagnose }) => {
    assert.equal((await diagnose()).state, "decided");
    assert.equal(await page.locator("h1").textContent(), "Hello, Alder Bank");
  });
});

test("a page without any slot stays as it is", async () => {
  const options = { page: () => ({ body: "<p>Nothing to change</p>" }) };
  const before = await authored(options);
  await visit(options, async ({ dom, diagnose }) => {
    assert.equal(await dom(), before);
    assert.equal((await diagnose()).state, "decided");
  });
});

test("a page with a slot too often keeps that slot as it is, and has the others", async () => {
  const body = BODY + "<b class=plan>Many</b>".repeat(70);
  await visit({ page: () => ({ body }) }, async ({ page, diagnose }) => {
    assert.equal(await page.locator(".plan").first().textContent(), "One");
    assert.equal(await page.locator("h1").textContent(), "Hello, Alder Bank");
    assert.match((await diagnose()).applied.find(({ about }) => about === "plans").problem, /72 elements match; expected at most 64/);
  });
});

test("no address of the visitor is in what the tag says or does", async () => {
  await visit({}, async ({ dom, diagnose, page }) => {
    const told = JSON.stringify([await dom(), await diagnose(), await page.evaluate(() => globalThis.nameplate.decision())]);
    assert.doesNotMatch(told, /127\.0\.0\.1(?!:\d)/);
  });
});
