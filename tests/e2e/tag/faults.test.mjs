// The browser faults that are promised to do no harm, each caused for real, in every way that we know of: the page stays complete, the
// slots that it hides until they are decided are seen in time, nothing of ours is uncaught, and the tag says once what it was.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../server.mjs";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { BODY, sliceBytes, TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const SHORT = TAG.replace("><", ' data-np-timeout="300"><');
const ASKING = TAG.replace(' data-np-consent="granted"', "");
/** As in docs/tag.md: every page of these tests hides slots until they are decided. */
const HIDDEN = "h1, .lead, #cta";
const HIDING_MS = 200;
const CSS = `@keyframes np-slot { from, to { visibility: hidden } } ${HIDDEN} { animation: np-slot ${HIDING_MS}ms }`;
const GREETING = "Hello, Alder Bank";

/** Ways to cause a fault: what the server answers, what the page is, what its head says before the tag, what the browser does. */
const answer = (path, given) => ({ answers: { [`/np/${path}`]: given } });
const slow = (path, given) => ({ ...answer(path, given), page: () => ({ head: SHORT }) });
const head = (html) => ({ page: () => ({ head: html }) });
const script = (code, tag = TAG) => head(`<script>${code}</script>${tag}`);
const policy = (text) => ({ page: () => ({ headers: { "content-security-policy": text } }) });
const browser = (prepare) => ({ prepare });
const slice = (body) => answer("slice", { body });
const flipped = (at) => {
  const bytes = Buffer.from(sliceBytes());
  bytes[at] ^= 1;
  return bytes;
};

/** What must hold. The page is as authored, and the tag says at which step it gave up, and why. */
const stays = (step, cause) => async ({ page, dom, diagnose, before }) => {
  const { state, failure, applied } = await diagnose();
  assert.equal(state, "default");
  assert.match(failure.step, step);
  assert.match(failure.cause, cause);
  assert.deepEqual(applied, []);
  await page.waitForTimeout(30);
  assert.equal(await dom(), before);
  return 1;
};

/** There is no tag, and the page is as authored. */
const absent = async ({ page, dom, before }) => {
  await page.waitForTimeout(250);
  assert.equal(await dom(), before);
  assert.equal(await page.evaluate(() => typeof globalThis.nameplate?.diagnose), "undefined");
  return 0;
};

/** The fault does not matter: all is personalised. `core` decides. */
const works = (core = "wasm") => async ({ page, diagnose }) => {
  const diagnosis = await diagnose();
  assert.deepEqual({ failure: diagnosis.failure, core: diagnosis.core }, { failure: null, core });
  assert.equal(await page.locator("h1").first().textContent(), GREETING);
  assert.equal(await page.locator("#ad .np-ad").count(), 1);
  return 0;
};

/** The content is personalised; nothing that needs consent happens. */
const asksNobody = async ({ page, diagnose, asked }) => {
  assert.equal((await diagnose()).failure, null);
  assert.equal(await page.locator("h1").textContent(), GREETING);
  assert.equal(await page.locator("#ad .np-ad").count(), 0);
  await page.evaluate(() => globalThis.dispatchEvent(new Event("pagehide")));
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  assert.ok(!asked.includes("/np/events"));
  return 0;
};

/** One slot is as authored, with the reason; the others are personalised. */
const without = (slot, problem) => async ({ page, diagnose }) => {
  const { state, applied } = await diagnose();
  assert.equal(state, "decided");
  assert.deepEqual(
    applied.filter((one) => one.problem !== null || one.elements === 0).map(({ about }) => about).filter((about) => about !== "late"),
    [slot],
  );
  assert.match(String(applied.find(({ about }) => about === slot).problem), problem);
  assert.equal(await page.locator("#cta").textContent(), "See the plan");
  return 0;
};

const FAULTS = {
  "the script is not there": {
    "status 404": [answer("tag.js", { status: 404, body: "" }), absent],
    "no answer": [{ ...answer("tag.js", { fails: "hangs" }), isLoaded: false }, absent],
    "the connection is reset": [answer("tag.js", { fails: "resets" }), absent],
    "the connection breaks in its middle": [answer("tag.js", { fails: "breaks" }), absent],
    "what the page has pushed": [{ ...answer("tag.js", { status: 404, body: "" }), ...script("(window.nameplate = window.nameplate || []).push(() => { throw 1 })") }, absent],
  },
  "a policy forbids WebAssembly": {
    "JavaScript decides": [policy("script-src 'self'"), works("js")],
    "and the JavaScript is not there": [{ ...policy("script-src 'self'"), ...answer("core.js", { status: 404, body: "" }) }, stays(/core/, /core\.js/)],
    "and the slice": [policy("script-src 'self'; connect-src 'none'"), stays(/core|slice/, /fetch/i)],
    "the browser has none": [browser((page) => page.addInitScript(() => delete globalThis.WebAssembly)), works("js")],
  },
  "the core is not there": {
    "status 404": [answer("core.wasm", { status: 404, body: "" }), stays(/core/, /core\.wasm: .*fetch/)],
    "no answer": [slow("core.wasm", { fails: "hangs" }), stays(/timeout/, /300 ms/)],
    "no end": [slow("core.wasm", { fails: "stalls" }), stays(/timeout/, /300 ms/)],
    "the connection is reset": [answer("core.wasm", { fails: "resets" }), stays(/core/, /fetch/)],
    "the connection breaks in its middle": [answer("core.wasm", { fails: "breaks" }), stays(/core/, /./)],
    "nor the runtime": [answer("tag-runtime.js", { status: 404, body: "" }), stays(/runtime/, /tag-runtime\.js/)],
    "the runtime does not answer": [slow("tag-runtime.js", { fails: "hangs" }), stays(/timeout/, /300 ms/)],
    "the runtime breaks in its middle": [answer("tag-runtime.js", { fails: "breaks" }), stays(/runtime/, /tag-runtime\.js/)],
    "the runtime is no script": [answer("tag-runtime.js", { body: Buffer.from("import {") }), stays(/runtime/, /./)],
  },
  "a file has the wrong type": {
    "the core is text": [answer("core.wasm", { type: "text/plain" }), works()],
    "the slice has none": [answer("slice", { type: "" }), works()],
    "the slice is a page": [answer("slice", { type: "text/html" }), works()],
    "the runtime is text": [answer("tag-runtime.js", { type: "text/plain" }), stays(/runtime/, /tag-runtime\.js/)],
    "the tag is text": [answer("tag.js", { type: "text/plain", headers: { "x-content-type-options": "nosniff" } }), absent],
  },
  "a file has another digest": {
    "the tag": [head(TAG.replace("><", ` integrity="sha256-${"A".repeat(43)}="><`)), absent],
    "the core": [answer("core.wasm", { body: Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]) }), stays(/core/, /./)],
    "the core without WebAssembly": [{ ...answer("core.js", { body: "export const instantiate = () => ({})" }), ...head(TAG.replace("async", 'async data-np-core="js"')) }, stays(/core/, /core\.js/)],
    "the runtime": [answer("tag-runtime.js", { body: "export class Session {}" }), stays(/runtime/, /tag-runtime\.js/)],
  },
  "the slice comes too late": {
    "no answer": [slow("slice", { fails: "hangs" }), stays(/timeout/, /300 ms/)],
    "no end": [slow("slice", { fails: "stalls" }), stays(/timeout/, /300 ms/)],
    "an answer after the time": [slow("slice", { delay: 600 }), stays(/timeout/, /300 ms/)],
  },
  "the slice is none": {
    "status 404": [answer("slice", { status: 404, body: "" }), stays(/slice/, /\/np\/slice answered with status 404/)],
    "status 503": [answer("slice", { status: 503, body: "" }), stays(/slice/, /status 503/)],
    "status 204": [answer("slice", { status: 204, body: "" }), stays(/open/, /./)],
    "the connection is reset": [answer("slice", { fails: "resets" }), stays(/slice/, /fetch/)],
    "the connection breaks in its middle": [answer("slice", { fails: "breaks" }), stays(/slice/, /./)],
    "nothing": [slice(""), stays(/open/, /./)],
    "a page to log in": [slice("<!doctype html><title>Log in</title>"), stays(/open/, /./)],
    "JSON, and cut short": [slice('{"slots": ['), stays(/open/, /./)],
    "cut short": [slice(sliceBytes().subarray(0, -9)), stays(/open/, /./)],
    "longer than any": [slice(Buffer.alloc(262_145)), stays(/open/, /262145 bytes; expected at most 262144/)],
    "one bit is another": [slice(flipped(200)), stays(/open/, /checksum/)],
    "another version": [slice(flipped(8)), stays(/open/, /./)],
    "in the page, and not base64": [head(`<script type="application/octet-stream" id="np-slice">?</script>${TAG}`), stays(/slice/, /./)],
    "in the page, and not a script": [head(`<meta id="np-slice">${TAG}`), works()],
    "what was kept is no JSON": [script('for (const name of ["visits", "events"]) localStorage.setItem(`nameplate:1:${name}`, "{")'), works()],
    "what was kept is of another shape": [script('localStorage.setItem("nameplate:1:visits", "[]"); localStorage.setItem("nameplate:1:events", \'[null, 1, {"id": 1}]\')'), works()],
  },
  "Trusted Types are required": {
    "and no policy allowed": [policy("require-trusted-types-for 'script'; trusted-types 'none'"), works()],
    "and no WebAssembly": [policy("script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"), works("js")],
  },
  "there is no fetch": {
    "at all": [script("delete window.fetch"), stays(/core|slice/, /fetch/)],
    "it throws": [script("window.fetch = () => { throw new Error('mine') }"), stays(/core|slice/, /mine/)],
    "it never answers": [script("window.fetch = () => new Promise(() => {})", SHORT), stays(/timeout/, /300 ms/)],
    "it answers with something else": [script("window.fetch = () => Promise.resolve(null)"), stays(/core|slice/, /./)],
  },
  "nothing can be kept": {
    "storage is full": [script(`for (let text = "x".repeat(1 << 22); text !== ""; ) try { localStorage.setItem("full" + localStorage.length, text) } catch { text = text.slice(0, text.length >> 1) }`), works()],
    "storage throws": [script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })"), works()],
    "an origin without storage": [sandboxed(), works()],
  },
  "prototypes are polluted": {
    "Object's, by names that options have": [
      script(`for (const name of ["npBase", "base", "slice", "core", "timeout", "method", "body", "signal", "headers", "cache", "credentials", "mode", "integrity",
"account", "url", "ip", "visits", "role", "attributes", "instantiate", "characterData", "once", "capture", "detail", "value", "get", "set"]) Object.prototype[name] = "polluted";`),
      works(),
    ],
    "Array's": [script("Array.prototype.each = function () {}; Array.prototype.toJSON = undefined; Object.prototype.each = function () {};"), works()],
  },
  "the document is clobbered": {
    "currentScript": [head(`<img name="currentScript">${TAG}`), works()],
    "nameplate": [{ page: () => ({ body: `${BODY}<p id="nameplate"></p>` }) }, works()],
    "its properties": [{ page: () => ({ body: `${["referrer", "title", "body", "location", "defaultView"].map((name) => `<form name="${name}"></form>`).join("")}${BODY}` }) }, works()],
    "its methods": [{ page: () => ({ head: TAG.replace("async", "defer"), body: `<form name="getElementById"></form>${BODY}` }) }, stays(/slice/, /not a function/)],
  },
  "a slot is missing": {
    "one": [{ page: () => ({ body: BODY.replace("<h1", "<h2").replace("</h1", "</h2") }) }, without("title", /null/)],
    "all": [{ page: () => ({ body: "<p>Nothing to change</p>" }) }, async ({ dom, diagnose, before }) => {
      assert.deepEqual([(await diagnose()).state, await dom()], ["decided", before]);
      return 0;
    }],
  },
  "a slot is there too often": {
    "72 times": [{ page: () => ({ body: BODY + "<b class=plan>Many</b>".repeat(70) }) }, without("plans", /72 elements match; expected at most 64/)],
    "twice": [{ page: () => ({ body: `${BODY}<h1>Again</h1>` }) }, works()],
  },
  "a slot goes late": {
    "and comes back": [{}, async ({ page }) => {
      await page.evaluate(() => {
        const [heading, next] = [document.querySelector("h1"), document.querySelector("h1").nextSibling];
        heading.remove();
        return new Promise((resolve) => setTimeout(resolve, 20)).then(() => next.before(heading));
      });
      await page.waitForFunction((greeting) => document.querySelector("h1").textContent === greeting, GREETING);
      return 0;
    }],
    "before the decision": [{ ...answer("slice", { delay: 200 }), ...script('addEventListener("DOMContentLoaded", () => document.querySelector("h1").remove())'), isWhole: false }, without("title", /null/)],
  },
  "the consent platform is silent": {
    "TCF": [script("window.__tcfapi = () => {}", ASKING), asksNobody],
    "Google's": [script('window.dataLayer = []; (function () { dataLayer.push(arguments) })("consent", "default", { ad_user_data: "denied", ad_personalization: "denied", analytics_storage: "denied", wait_for_update: 500 })', ASKING), asksNobody],
    "TCF, and throws": [script("window.__tcfapi = () => { throw new Error('mine') }", ASKING), asksNobody],
  },
  "Global Privacy Control is on": {
    "and the site says that all is granted": [browser((page) => page.addInitScript(() => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true }))), asksNobody],
  },
  "the network goes away": {
    "while the tag is awaited": [
      { ...answer("tag.js", { delay: 200 }), prepare: (page) => page.on("request", (request) => request.url().endsWith("/tag.js") && page.context().setOffline(true)) },
      stays(/slice|core|runtime/, /fetch|import/i),
    ],
    "afterwards": [{}, async (seen) => {
      await seen.page.context().setOffline(true);
      await seen.page.evaluate(() => history.pushState(null, "", "/pricing"));
      await seen.page.waitForFunction(() => document.querySelector("h1").textContent === "Prices for banks");
      return 0;
    }],
  },
  "the page is in the background": {
    "and never painted": [
      script("Object.defineProperty(document, 'visibilityState', { value: 'hidden' }); Object.defineProperty(document, 'hidden', { value: true }); window.requestAnimationFrame = window.requestIdleCallback = () => 0"),
      works(),
    ],
  },
  "the machine is slow": {
    "six times": [browser(async (page) => (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: 6 })), works()],
  },
  "the clock is wrong": {
    "1970": [browser((page) => page.clock.setSystemTime(0)), works()],
    "it goes back": [script("const own = Date.now; let at = own(); Date.now = () => (at -= 86400000)"), works()],
    "it is none": [script("Date.now = () => NaN"), stays(/decide/, /`now` is NaN/)],
  },
  "an option is wrong": {
    "the folder is no address": [head(TAG.replace("><", ' data-np-base="http://["><')), stays(/config/, /./)],
    "the folder is a script": [head(TAG.replace("><", ' data-np-base="javascript:1"><')), stays(/config/, /address of `javascript:`/)],
    "the time is none": [head(TAG.replace("><", ' data-np-timeout="soon" data-np-wait="-1"><')), works()],
  },
};

/** A page of no origin: whatever it touches of storage throws. Its slice stands in it, and its files may be read by everybody. */
function sandboxed() {
  const open = Object.fromEntries(["core.wasm", "tag-runtime.js"].map((name) => [`/np/${name}`, { headers: { "access-control-allow-origin": "*" } }]));
  const inline = `<script type="application/octet-stream" id="np-slice">${sliceBytes().toString("base64")}</script>`;
  return { answers: open, page: () => ({ head: inline + TAG, headers: { "content-security-policy": "sandbox allow-scripts" } }) };
}

/** Without an answer the style's own time ends the hiding, and nobody has made it longer. */
const areSeen = ([hidden, most]) =>
  document.styleSheets.length > 0 &&
  [...document.querySelectorAll(hidden)].every((element) => {
    const isShort = (animation) => animation.playState !== "paused" && animation.effect.getComputedTiming().endTime <= most;
    return getComputedStyle(element).visibility === "visible" && element.getAnimations().every(isShort);
  });

const pages = new Map();

/** The same page without scripts; many faults have the same. */
function written(page) {
  const key = JSON.stringify(page());
  if (!pages.has(key)) pages.set(key, authored({ page }));
  return pages.get(key);
}

async function check({ isWhole = true, isLoaded = true, prepare = () => {}, ...options }, holds) {
  const answers = { ...options.answers, "/hide.css": { type: "text/css", body: CSS } };
  const own = () => {
    const { head: html = TAG, ...rest } = options.page?.() ?? {};
    return { ...rest, head: `<link rel="stylesheet" href="/hide.css">${html}` };
  };
  const before = await written(own);
  const said = [];
  const listen = async (page) => {
    page.on("console", (message) => message.type() === "debug" && message.text().startsWith("nameplate:") && said.push(message.text()));
    await prepare(page);
  };
  await visit({ answers, page: own, prepare: listen, settled: holds !== absent, waitUntil: isLoaded ? "load" : "commit" }, async (seen) => {
    const failures = await holds({ ...seen, before });
    await eventually(async () => assert.equal(await seen.page.evaluate(areSeen, [HIDDEN, HIDING_MS]), true));
    assert.deepEqual(seen.uncaught, []);
    assert.equal(said.filter((text) => text.startsWith("nameplate: the page stays as it is")).length, failures, said.join("\n"));
    // Without us the page is what its author wrote: nothing is lost.
    await seen.page.evaluate(() => globalThis.nameplate?.stop?.());
    if (isWhole) assert.equal(await seen.dom(), before);
  });
}

for (const [fault, ways] of Object.entries(FAULTS)) {
  for (const [way, [options, holds]] of Object.entries(ways)) test(`${fault}: ${way}`, () => check(options, holds));
}
