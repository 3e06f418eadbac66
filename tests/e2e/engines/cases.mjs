// What the tag must do in every engine: pages, and what must become of them. What an engine needs to be told apart is asked for
// in the page, never by its name.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { eventually } from "../server.mjs";
import { BODY, dist, TAG } from "../tag/site.mjs";

/** Keeps what goes wrong in a page. A script of the page's own, because not every driver can tell. */
const WATCH = `window.problems = [];
addEventListener("error", ({ message }) => problems.push(message));
addEventListener("unhandledrejection", ({ reason }) => problems.push(String(reason)));
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => problems.push(violatedDirective + " " + blockedURI));
for (const level of ["error", "warn"]) console[level] = (...given) => problems.push(given.join(" "));
window.heard = [];
window.unseen = [];
for (const type of ["exposure", "impression", "click"]) {
  document.addEventListener("nameplate:" + type, ({ detail }) => {
    heard.push([type, detail.slot || detail.placement || detail.experience].join(" "));
    if (document.prerendering) unseen.push(type);
  });
}
addEventListener("pageshow", ({ persisted }) => (window.persisted = persisted));`;
const WATCHED = '<script src="/watch.js"></script>';
const HEAD = WATCHED + TAG;
const ASKING = HEAD.replace(' data-np-consent="granted"', "");
const NO_NAVIGATION_API = '<script>Object.defineProperty(window, "navigation", { value: undefined })</script>';
const PRERENDER = '<script type="speculationrules">{ "prerender": [{ "urls": ["/"], "eagerness": "immediate" }] }</script>';
const NO_WASM = "default-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types 'none'";
const WASM = `${NO_WASM}; script-src 'self' 'wasm-unsafe-eval'`;

const MORE = `<div id="flag" class="  plan   old ">Plan</div>
<p id="gone">Gone</p>
<p id="promo" hidden="">Promo</p>
<ul><li class="item">One</li><li class="item">Two</li></ul>`;

const text = (page, selector) => page.evaluate((selector) => document.querySelector(selector).textContent, selector);
const ads = (page) => page.evaluate(() => document.querySelectorAll("#ad .np-ad").length);
const problems = (page) => page.evaluate(() => globalThis.problems);
const stored = (page) => page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
const authored = (page) =>
  page.evaluate(async () => new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html").documentElement.outerHTML);

/** `pages`: those of other addresses. */
function of({ head = HEAD, body = BODY, headers = {}, answers = {}, pages = {}, ...rest } = {}) {
  return { page: (path) => pages[path] ?? { head, body, headers }, answers: { "/watch.js": { type: "text/javascript", body: WATCH }, ...answers }, ...rest };
}

async function isPersonalised({ page, diagnose }, core) {
  const { state, failure, core: used } = await diagnose();
  assert.deepEqual({ state, failure, core: used }, { state: "decided", failure: null, core });
  assert.equal(await text(page, "h1"), "Hello, Alder Bank");
  assert.deepEqual(await adOf(page), ["300px", "A plan for Alder Bank"]);
}

const adOf = (page) =>
  page.evaluate(() => {
    const ad = document.querySelector("#ad .np-ad");
    return [getComputedStyle(ad).width, ad.shadowRoot.querySelector(".headline").textContent];
  });

/** Leaves the page, so that it sends what it has to say, and gives the events that were told so far. */
async function leave({ page, told }) {
  const before = told.length;
  // As a page does it: drivers lose count of pages that an engine keeps.
  await page.evaluate(() => void setTimeout(() => location.assign("/pixel.gif")));
  await eventually(async () => assert.equal(await page.evaluate(() => location.pathname), "/pixel.gif"));
  await eventually(() => assert.notEqual(told.length, before));
  return events(told);
}

const events = (told) => told.flatMap((body) => JSON.parse(body));
const ofType = (events, type) => events.filter((event) => event.type === type);

/** Asks whether this engine compares digests of what it preloads. */
const PRELOAD = `<link rel="modulepreload" href="/compared.js" integrity="sha256-${"A".repeat(43)}=" onload="window.compares = false" onerror="window.compares = true">`;
const RUNTIME = readFileSync(`${dist}/tag-runtime.js`);

export const CASES = [
  {
    name: "a runtime with another digest does not run, where the engine compares digests of what it preloads",
    ...of({
      head: PRELOAD + HEAD,
      answers: { "/compared.js": { type: "text/javascript", body: "" }, "/np/tag-runtime.js": { type: "text/javascript", body: `${RUNTIME}\n` } },
    }),
    look: async ({ page, diagnose, dom }) => {
      await eventually(async () => assert.notEqual(await page.evaluate(() => globalThis.compares), undefined));
      const { state, failure } = await diagnose();
      if (await page.evaluate(() => globalThis.compares)) {
        assert.deepEqual([state, failure.step], ["default", "runtime"]);
        assert.equal(await dom(), await authored(page));
      } else {
        assert.deepEqual([state, failure], ["decided", null]);
      }
    },
  },
  {
    name: "the slice is fetched, WebAssembly decides, texts, HTML, attributes, classes and an ad are shown",
    ...of(),
    look: async ({ page, diagnose, asked }) => {
      await isPersonalised({ page, diagnose }, "wasm");
      const seen = await page.evaluate(() => {
        const [lead, cta, picture] = [".lead", "#cta", "#picture"].map((selector) => document.querySelector(selector));
        const plans = [...document.querySelectorAll(".plan")].map(({ textContent }) => textContent);
        return [lead.innerHTML, cta.outerHTML, picture.outerHTML, ...plans];
      });
      assert.deepEqual(seen, [
        'All plants of <strong>Alder Bank</strong> on <a href="/plants" rel="noopener noreferrer">one screen</a>',
        '<a id="cta" class="button big" href="/plan" title="A plan">See the plan</a>',
        '<img id="picture" src="/picture.gif" alt="A plant">',
        "For banks",
        "For banks",
      ]);
      const { slice, decisions, times } = await diagnose();
      assert.deepEqual({ slice, decisions }, { slice: "request", decisions: 1 });
      assert.deepEqual(Object.keys(times).sort(), ["apply", "config", "consent", "core", "decide", "open", "runtime", "slice", "start"]);
      assert.ok(asked.includes("/np/slice") && asked.includes("/np/core.wasm") && !asked.includes("/np/core.js"));
      assert.deepEqual(await problems(page), []);
    },
  },
  {
    name: "elements are hidden and shown, classes come and go, HTML stands beside elements, and all of it goes back",
    ...of({ path: "/changes", body: MORE }),
    look: async ({ page, dom }) => {
      const before = await authored(page);
      const seen = await page.evaluate(() => {
        const display = ["#gone", "#promo"].map((selector) => getComputedStyle(document.querySelector(selector)).display);
        return [...display, document.querySelector("#flag").className.trim(), document.querySelector("ul").innerHTML];
      });
      const items = ["One", "Two"].map((item) => `For <li class="item">${item}</li><li class="item">Alder Bank</li>`);
      assert.deepEqual(seen, ["none", "block", "plan new", items.join("")]);
      await page.evaluate(() => globalThis.nameplate.stop());
      assert.equal(await dom(), before);
      assert.deepEqual(await problems(page), []);
    },
  },
  {
    name: "the visitor is sent to another page, in the place of this one",
    ...of({ path: "/start" }),
    settled: false,
    look: async ({ page }) => {
      await eventually(async () => assert.equal(await page.evaluate(() => location.pathname + location.search), "/from/start?of=alder"));
      await eventually(async () => assert.equal(await page.evaluate(() => globalThis.nameplate.diagnose().state), "decided"));
    },
  },
  {
    name: "stop gives the author's page back, byte for byte",
    ...of(),
    look: async ({ page, dom, diagnose }) => {
      const before = await authored(page);
      assert.notEqual(await dom(), before);
      await page.evaluate(() => globalThis.nameplate.stop());
      assert.equal(await dom(), before);
      assert.equal((await diagnose()).state, "stopped");
    },
  },
  {
    name: "applying twice is applying once",
    ...of(),
    look: async ({ page, dom }) => {
      const once = await dom();
      await page.evaluate(() => globalThis.nameplate.set({}));
      assert.equal(await dom(), once);
    },
  },
  ...["", NO_NAVIGATION_API].map((before) => ({
    name: `a new address is decided anew, without a request, through ${before === "" ? "what the engine has" : "the History API alone"}`,
    ...of({ head: before + HEAD }),
    look: async ({ page, asked, diagnose }) => {
      const requests = asked.length;
      const go = async (step) => {
        await page.evaluate(step);
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
        return [await text(page, "h1"), await ads(page), await text(page, "#cta")];
      };
      assert.deepEqual(await go(() => history.pushState(null, "", "/pricing")), ["Prices for banks", 0, "Book a tour"]);
      assert.deepEqual(await go(() => history.replaceState(null, "", "/plants")), ["Hello, Alder Bank", 0, "See the plan"]);
      assert.deepEqual(await go(() => history.back()), ["Hello, Alder Bank", 1, "See the plan"]);
      assert.deepEqual(await go(() => history.forward()), ["Hello, Alder Bank", 0, "See the plan"]);
      assert.deepEqual(await go(() => void (location.hash = "#pricing")), ["Hello, Alder Bank", 0, "See the plan"]);
      assert.equal((await diagnose()).decisions, 6);
      assert.deepEqual(asked.slice(requests).filter((path) => path.startsWith("/np/")), []);
      assert.deepEqual(await problems(page), []);
    },
  })),
  {
    name: "a strict policy with Trusted Types sees no violation",
    ...of({ headers: { "content-security-policy": WASM } }),
    look: async ({ page, diagnose }) => {
      await isPersonalised({ page, diagnose }, "wasm");
      assert.deepEqual(await problems(page), []);
    },
  },
  {
    name: "where a policy forbids WebAssembly and the page says so, JavaScript decides without a violation",
    ...of({ head: HEAD.replace("async ", 'async data-np-core="js" '), headers: { "content-security-policy": NO_WASM } }),
    look: async ({ page, diagnose, asked }) => {
      await isPersonalised({ page, diagnose }, "js");
      assert.ok(asked.includes("/np/core.js") && !asked.includes("/np/core.wasm"));
      assert.deepEqual(await problems(page), []);
    },
  },
  {
    name: "where a policy forbids WebAssembly and nobody has said so, JavaScript decides",
    ...of({ headers: { "content-security-policy": NO_WASM } }),
    look: async ({ page, diagnose, asked }) => {
      await isPersonalised({ page, diagnose }, "js");
      assert.ok(!asked.includes("/np/core.wasm"));
      // The one attempt; WebKit does not report it.
      assert.deepEqual((await problems(page)).filter((problem) => problem !== "script-src wasm-eval"), []);
    },
  },
  {
    name: "a browser without Trusted Types misses nothing",
    ...of({ head: `<script>delete window.trustedTypes</script>${HEAD}` }),
    look: async ({ page, diagnose }) => {
      assert.equal(await page.evaluate(() => typeof trustedTypes), "undefined");
      await isPersonalised({ page, diagnose }, "wasm");
      assert.deepEqual(await problems(page), []);
    },
  },
  {
    name: "without consent the content shows, no ad does, and nothing is stored or told",
    ...of({ head: ASKING }),
    look: async (visit) => {
      const { page, told } = visit;
      assert.deepEqual([await text(page, "h1"), await ads(page), await stored(page)], ["Hello, Alder Bank", 0, 0]);
      await page.evaluate(() => globalThis.nameplate.track("signup", 3));
      assert.deepEqual(ofType(await leave(visit), "conversion").map(({ name, value }) => [name, value]), [["signup", 3]]);
      assert.ok(!/alder|hello|visitor/i.test(told.join()));
    },
  },
  {
    name: "a consent that the page gives shows ads and stores, and takes both back",
    ...of({ head: ASKING }),
    look: async ({ page }) => {
      await page.evaluate(() => globalThis.nameplate.consent({ storage: true, ads: true, measurement: true }));
      assert.deepEqual([await ads(page), await stored(page)], [1, 1]);
      await page.evaluate(() => globalThis.nameplate.consent({ storage: false, ads: false }));
      assert.deepEqual([await ads(page), await stored(page)], [0, 0]);
      assert.deepEqual(await problems(page), []);
    },
  },
  {
    name: "Global Privacy Control beats what the site says",
    ...of({ head: `<script>Object.defineProperty(navigator, "globalPrivacyControl", { value: true })</script>${HEAD}` }),
    look: async ({ page }) => assert.deepEqual([await text(page, "h1"), await ads(page), await stored(page)], ["Hello, Alder Bank", 0, 0]),
  },
  {
    name: "exposures, impressions and clicks reach the site when the page goes, once each",
    ...of(),
    look: async (visit) => {
      const { page } = visit;
      const hears = (wanted) => eventually(async () => assert.ok((await page.evaluate(() => globalThis.heard)).includes(wanted), wanted));
      await page.evaluate(() => {
        addEventListener("click", (event) => event.preventDefault());
        document.querySelector("#ad .np-ad").shadowRoot.querySelector("a").click();
      });
      await page.click("#cta");
      for (const wanted of ["click box", "click cta", "impression title", "impression box"]) await hears(wanted);
      const told = await leave(visit);
      assert.deepEqual(ofType(told, "exposure").map(({ experience }) => experience), ["hello"]);
      assert.deepEqual(ofType(told, "click").map(({ placement, slot }) => placement ?? slot), ["box", "cta"]);
      const seen = ofType(told, "impression").map(({ placement, slot }) => placement ?? slot);
      assert.deepEqual([seen.length, new Set(seen).size], [6, 6]);
      assert.equal(new Set(told.map(({ id }) => id)).size, told.length);
      assert.ok(!JSON.stringify(told).includes("alder"));
    },
  },
  {
    name: "a second visit is counted",
    ...of(),
    look: async ({ page, diagnose }) => {
      await page.evaluate(() => {
        const key = "nameplate:1:visits";
        const kept = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({ ...kept, first: kept.first - 3 * 86_400, last: kept.last - 3 * 86_400 }));
      });
      await page.reload();
      await eventually(async () => assert.equal((await diagnose()).state, "decided"));
      const { visits, daysAway } = await page.evaluate(() => globalThis.nameplate.facts());
      assert.deepEqual([visits, daysAway], [2, 3]);
    },
  },
  {
    name: "a page that the engine has kept is right when the visitor comes back, and a page view of its own",
    ...of({ headers: { "cache-control": "max-age=60" } }),
    look: async (visit) => {
      const { page, diagnose, told } = visit;
      const seesTitle = async () => {
        await eventually(async () => assert.ok((await page.evaluate(() => globalThis.heard)).includes("impression title")));
        await page.evaluate(() => void globalThis.heard.splice(0));
      };
      await seesTitle();
      // A page that still loads is not kept.
      await eventually(async () => assert.ok(await page.evaluate(() => [...document.images].every(({ complete }) => complete))));
      await leave(visit);
      await page.evaluate(() => void setTimeout(() => history.back()));
      await eventually(async () => assert.equal((await diagnose()).state, "decided"));
      assert.equal(await page.evaluate(() => globalThis.persisted), true);
      await isPersonalised(visit, "wasm");
      await seesTitle();
      await leave(visit);
      await eventually(() => assert.equal(new Set(ofType(events(told), "exposure").map(({ view }) => view)).size, 2));
      assert.equal(ofType(events(told), "exposure").length, 2);
      const seen = ofType(events(told), "impression").filter(({ slot }) => slot === "title");
      assert.deepEqual([seen.length, new Set(seen.map(({ view }) => view)).size], [2, 2]);
    },
  },
  {
    name: "a page that is prerendered, where the engine does that, tells and stores nothing before somebody sees it",
    settled: false,
    ...of({ path: "/start", pages: { "/start": { head: PRERENDER, body: '<a href="/">Home</a>' } } }),
    look: async (visit) => {
      const { page, told, asked } = visit;
      const isAhead = await page.evaluate(() => HTMLScriptElement.supports("speculationrules"));
      // The picture is asked for by what was decided.
      if (isAhead) await eventually(() => assert.ok(asked.includes("/picture.gif")));
      assert.deepEqual([told.length, await stored(page)], [0, 0]);
      await page.click("a");
      await eventually(async () => assert.ok((await page.evaluate(() => globalThis.heard)).includes("impression title")));
      const seen = await page.evaluate(() => performance.getEntriesByType("navigation")[0].activationStart > 0);
      assert.deepEqual([seen, await stored(page)], [isAhead, 1]);
      assert.deepEqual(await page.evaluate(() => globalThis.unseen), []);
      await isPersonalised(visit, "wasm");
      const events = await leave(visit);
      assert.deepEqual(ofType(events, "exposure").map(({ experience, path }) => [experience, path]), [["hello", "/"]]);
      assert.equal(ofType(events, "impression").filter(({ slot }) => slot === "title").length, 1);
    },
  },
  {
    name: "a failure leaves the page as it was, and is told when asked",
    ...of({ answers: { "/np/slice": { status: 503 } } }),
    look: async ({ page, dom, diagnose }) => {
      const { state, failure } = await diagnose();
      assert.deepEqual({ state, failure }, { state: "default", failure: { step: "slice", cause: "/np/slice answered with status 503" } });
      assert.equal(await dom(), await authored(page));
    },
  },
  {
    name: "elements that come late, in the page and in shadow roots, are changed before they are painted",
    ...of({ body: "<main></main><late-box></late-box><np-slot name=title>Welcome</np-slot>" }),
    look: async ({ page }) => {
      const seen = await page.evaluate(async () => {
        document.querySelector("main").innerHTML = "<h1>Welcome</h1><p id=late>Later</p>";
        customElements.define("late-box", class extends HTMLElement {
          connectedCallback() {
            this.attachShadow({ mode: "open" }).innerHTML = "<h1>Welcome</h1>";
          }
        });
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const [main, box, slot] = ["main", "late-box", "np-slot"].map((name) => document.querySelector(name));
        return [main.textContent, box.shadowRoot.textContent, slot.textContent];
      });
      assert.deepEqual(seen, ["Hello, Alder BankIn time", "Hello, Alder Bank", "Hello, Alder Bank"]);
    },
  },
  {
    name: "hidden slots are shown as soon as they are decided, and when the page takes them away and puts them back",
    ...of({ head: `<style>@keyframes np-slot { from, to { visibility: hidden } } h1 { animation: np-slot 60s }</style>${HEAD}` }),
    look: async ({ page }) => {
      assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("h1")).visibility), "visible");
      const again = await page.evaluate(async () => {
        const frame = () => new Promise(requestAnimationFrame);
        const heading = document.querySelector("h1");
        const next = heading.nextSibling;
        heading.remove();
        await frame();
        next.before(heading);
        await frame();
        return getComputedStyle(heading).visibility;
      });
      assert.equal(again, "visible");
    },
  },
  {
    name: "what somebody writes in a slot is changed when they have left it",
    ...of({
      body: BODY.replace("<em>all</em>", '<input id="field">'),
      head: `<script>addEventListener("DOMContentLoaded", () => document.querySelector("#field").focus())</script>${HEAD}`,
    }),
    look: async ({ page }) => {
      assert.deepEqual([await text(page, "h1"), await text(page, ".lead")], ["Hello, Alder Bank", "One screen for  plants."]);
      await page.evaluate(() => document.querySelector("#field").blur());
      await eventually(async () => assert.equal(await text(page, ".lead"), "All plants of Alder Bank on one screen"));
    },
  },
  {
    name: "as a module, from a bundle",
    settled: false,
    ...of({
      head: `${WATCHED}<script type="module">import { start } from "/start.js"; window.tag = start({ base: "/np/" });</script>`,
      answers: { "/start.js": { type: "text/javascript", body: readFileSync(`${dist}/lib/tag.js`) } },
    }),
    look: async ({ page }) => {
      await eventually(async () => assert.equal(await page.evaluate(() => globalThis.tag?.diagnose().state), "decided"));
      assert.equal(await text(page, "h1"), "Hello, Alder Bank");
      assert.deepEqual(await page.evaluate(() => ["nameplate" in globalThis, globalThis.tag.decision().account.id]), [false, "alder"]);
      assert.deepEqual(await problems(page), []);
    },
  },
];
