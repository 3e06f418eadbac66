// Consent, facts and events in a real browser: what a page sends, stores and tells, and what it does not.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { bundle, launch, openPage } from "./browser.mjs";
import { eventually } from "./server.mjs";

const DECISION = {
  account: { id: "alder", name: "Alder Bank", shortName: null, tier: 1, stage: "decision", segments: [] },
  slots: [{ slot: "title", selector: "h1", experience: "hello", variant: "only", changes: [] }],
  ads: [{ placement: "side", selector: "#side", lineItem: "spring", creative: "wide" }],
  exposures: [{ experience: "hello", variant: "only", unit: "account", bucket: 4711 }],
};
const ALLOWED = { storage: true, ads: true, measurement: true };
const BODY = '<h1>Title <a href="#x">link</a></h1><p style="height: 3000px">text</p><div id="side" style="height: 2000px">ad</div>';

let browser;
let parts;
let server;
let origin;
/** What the page that is open shows at its head, and what it has sent: the bodies, and the events in them. */
let head = "";
let bodies = [];
let sent = [];

before(async () => {
  parts = await bundle(`
    import { Person } from "./tag/person.ts";
    import { Report } from "./tag/report.ts";
    globalThis.begin = (decision, options) => {
      const person = new Person(window, () => report?.consented());
      const report = Report.begin(window, person, { events: new URL("/np/events", location.href), adapters: "", account: "none", ...options });
      const places = ["h1", "#side"].map((selector) => ({ elements: document.querySelectorAll(selector) }));
      const show = (decision) => report.shown(decision, places);
      if (decision !== null) show(decision);
      globalThis.np = { person, report, show };
    };`);
  // A real one: what a page sends while it goes is seen by nobody in the browser.
  server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, origin);
    if (pathname === "/np/events") {
      const body = (await request.toArray()).join("");
      bodies.push(body);
      sent.push(...JSON.parse(body));
      return response.writeHead(204).end();
    }
    if (pathname === "/np.js") return response.setHeader("content-type", "text/javascript").end(parts);
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>t</title><link rel="icon" href="data:,"><script>${head}</script><script src="/np.js"></script><body style="margin: 0">${BODY}`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** A page with the tag's parts, in a browser that remembers nothing. */
async function open({ decision = DECISION, options = {}, script: own = "", consent = ALLOWED, path = "/pricing", prepare = () => {} } = {}) {
  const { page, problems } = await openPage(browser);
  await prepare(page);
  [head, bodies, sent] = [own, [], []];
  await page.goto(`${origin}${path}`);
  await page.evaluate(
    ([decision, options, consent]) => {
      globalThis.heard = [];
      for (const type of ["exposure", "impression", "click", "conversion", "engagement"]) {
        document.addEventListener(`nameplate:${type}`, ({ detail }) => globalThis.heard.push([type, { ...detail }]));
      }
      globalThis.begin(null, options);
      if (consent !== null) globalThis.np.person.say(consent);
      if (decision !== null) globalThis.np.show(decision);
    },
    [decision, options, consent],
  );
  const leave = () => page.evaluate(() => globalThis.np.report.end());
  return { page, problems, leave };
}

/** Time in the page then goes on only by `page.clock.runFor`. */
async function stopClock(page) {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
}

const stored = (page) => page.evaluate(() => Object.keys(localStorage));
const ofType = (events, type) => events.filter((event) => event.type === type);

test("an exposure is sent once, with what it needs and no account", async () => {
  const { page, leave } = await open({ path: "/pricing?email=someone%40example.com#x" });
  await page.evaluate((decision) => {
    for (let again = 0; again < 3; again += 1) globalThis.np.show(decision);
  }, DECISION);
  await leave();
  await eventually(() => assert.equal(ofType(sent, "exposure").length, 1));
  const [{ id, view, at, visitor, ...rest }] = ofType(sent, "exposure");
  assert.deepEqual(rest, { type: "exposure", path: "/pricing", experience: "hello", variant: "only", unit: "account", bucket: 4711 });
  assert.match(id, /^[0-9a-f]{16}-\d+$/);
  assert.ok(id.startsWith(`${view}-`) && Math.abs(at - Date.now()) < 60_000);
  assert.match(visitor, /^[0-9a-f]{32}$/);
  assert.ok(!JSON.stringify(sent).includes("alder") && !JSON.stringify(sent).includes("someone"));
  await page.close();
});

test("the account is told where the site says so, and to adapters only where it says that too", async () => {
  for (const [account, isSent, isAdapted] of [["none", false, false], ["events", true, false], ["all", true, true]]) {
    const { page, leave } = await open({ options: { account, adapters: "datalayer gpt" } });
    await leave();
    await eventually(() => assert.equal(sent.length, 1));
    assert.equal(sent[0].account, isSent ? "alder" : undefined);
    const told = await page.evaluate(() => JSON.stringify([dataLayer, globalThis.heard]));
    assert.ok(told.includes("nameplate_exposure"));
    assert.equal(told.includes("alder"), isAdapted);
    assert.ok(!told.includes("Alder Bank"));
    await page.close();
  }
});

test("without consent nothing is stored, nothing of the decision is told to anybody, and conversions are nobody's", async () => {
  const scripts = ["", "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"];
  for (const [script, consent] of [[scripts[0], null], [scripts[1], ALLOWED], [scripts[0], { storage: false, ads: false, measurement: false }]]) {
    const { page, leave } = await open({ script, consent, options: { account: "all", adapters: "datalayer analytics gpt prebid" } });
    await page.evaluate(() => globalThis.np.report.track("signup", 12.5));
    await page.click("h1 a");
    await leave();
    await eventually(() => assert.equal(bodies.length, 1));
    const [conversion] = ofType(sent, "conversion");
    assert.deepEqual(Object.keys(conversion).sort(), ["at", "id", "name", "path", "type", "value", "view"]);
    assert.deepEqual([conversion.name, conversion.value], ["signup", 12.5]);
    assert.ok(sent.every(({ type }) => type === "conversion" || type === "engagement"));
    assert.ok(!/alder|hello|spring|4711/i.test(bodies[0]));
    assert.deepEqual(await stored(page), []);
    assert.equal(await page.evaluate(() => `${typeof dataLayer} ${typeof googletag} ${typeof pbjs}`), "undefined undefined undefined");
    assert.ok((await page.evaluate(() => globalThis.heard)).every(([type]) => type === "conversion" || type === "engagement"));
    await page.close();
  }
});

test("consent that comes later tells what is shown; consent that ends forgets all", async () => {
  const { page, leave } = await open({ consent: null });
  assert.deepEqual(await page.evaluate(() => globalThis.heard), []);
  await page.evaluate((consent) => globalThis.np.person.say(consent), ALLOWED);
  await page.evaluate((decision) => globalThis.np.show(decision), DECISION);
  assert.deepEqual((await page.evaluate(() => globalThis.heard)).map(([type]) => type), ["exposure"]);
  assert.deepEqual(await stored(page), ["nameplate:1:visits"]);
  await page.evaluate(() => globalThis.np.person.say({ storage: false, measurement: false }));
  assert.deepEqual(await stored(page), []);
  await leave();
  await page.waitForTimeout(100);
  assert.deepEqual(ofType(sent, "exposure"), []);
  await page.close();
});

test("an impression is half of an element for a second", async () => {
  const { page, leave } = await open();
  const seen = () => page.evaluate(() => globalThis.heard.filter(([type]) => type === "impression").map(([, fields]) => fields.slot ?? fields.placement));
  await page.waitForTimeout(600);
  assert.deepEqual(await seen(), []);
  await eventually(async () => assert.deepEqual(await seen(), ["title"]));
  // The ad is larger than the window: half of the window is enough, less is not; and half a second is not.
  await page.evaluate(() => scrollTo(0, document.querySelector("#side").offsetTop - 600));
  await page.waitForTimeout(1_300);
  assert.deepEqual(await seen(), ["title"]);
  await page.evaluate(() => scrollBy(0, 300));
  await page.waitForTimeout(400);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(1_300);
  assert.deepEqual(await seen(), ["title"]);
  await page.evaluate(() => scrollTo(0, document.querySelector("#side").offsetTop - 100));
  await eventually(async () => assert.deepEqual(await seen(), ["title", "side"]));
  await leave();
  await eventually(() => assert.equal(ofType(sent, "impression").length, 2));
  const { slot, placement, lineItem, creative, experience, variant } = ofType(sent, "impression")[1];
  assert.deepEqual([slot, placement, lineItem, creative, experience, variant], [undefined, "side", "spring", "wide", undefined, undefined]);
  await page.close();
});

test("a click on a link of a slot is one, a click on its text is none", async () => {
  const { page, leave } = await open();
  await page.click("h1", { position: { x: 5, y: 10 } });
  await page.click("h1 a");
  await page.click("h1 a");
  await page.click("p");
  await leave();
  await eventually(() => assert.equal(ofType(sent, "click").length, 2));
  assert.equal(new Set(sent.map(({ id }) => id)).size, sent.length);
  await page.close();
});

test("a page that goes sends what waits, and how long somebody was there", async () => {
  const { page } = await open();
  await page.mouse.move(50, 50);
  await page.waitForTimeout(1_200);
  await page.goto("about:blank");
  await eventually(() => assert.equal(ofType(sent, "engagement").length, 1));
  const [{ milliseconds }] = ofType(sent, "engagement");
  assert.ok(milliseconds >= 1_000 && milliseconds < 30_000, `${milliseconds}`);
  assert.equal(ofType(sent, "exposure").length, 1);
  await page.close();
});

test("another path in the same page is another page view; the same path is not", async () => {
  const { page, leave } = await open();
  const shown = (path) => page.evaluate(([path, decision]) => {
    history.pushState(null, "", path);
    globalThis.np.show({ ...decision });
  }, [path, DECISION]);
  await shown("/pricing?tab=2");
  await shown("/contact");
  await leave();
  await eventually(() => assert.equal(ofType(sent, "exposure").length, 2));
  assert.deepEqual(ofType(sent, "exposure").map(({ path }) => path), ["/pricing", "/contact"]);
  assert.equal(new Set(ofType(sent, "exposure").map(({ view }) => view)).size, 2);
  await page.close();
});

test("a page that comes back from the back-forward cache is another page view, in which what is seen is told again", async () => {
  const { page, leave } = await open();
  const sees = (count) => eventually(async () => assert.equal((await page.evaluate(() => globalThis.heard)).filter(([type]) => type === "impression").length, count));
  await sees(1);
  await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  await sees(2);
  await leave();
  for (const type of ["exposure", "impression"]) {
    await eventually(() => assert.equal(ofType(sent, type).length, 2));
    assert.equal(new Set(ofType(sent, type).map(({ view }) => view)).size, 2);
  }
  await page.close();
});

test("a prerendered page tells and stores nothing before somebody sees it", async () => {
  const script = "Object.defineProperty(document, 'prerendering', { value: true, configurable: true })";
  const { page, leave } = await open({ script });
  await page.evaluate(() => {
    globalThis.np.person.visit({ viewport: false, timeZone: false });
    globalThis.np.report.track("loaded");
  });
  assert.deepEqual(await page.evaluate(() => globalThis.heard), []);
  assert.deepEqual(await stored(page), []);
  await page.evaluate(() => {
    delete document.prerendering;
    document.dispatchEvent(new Event("prerenderingchange"));
  });
  await leave();
  await eventually(() => assert.deepEqual(sent.map(({ type }) => type), ["exposure", "conversion"]));
  await page.close();
});

test("without a network events wait, and the next page sends them", async () => {
  const { page } = await open();
  await page.evaluate(() => {
    Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
    globalThis.np.report.end();
  });
  assert.deepEqual(sent, []);
  await page.goto(`${origin}/next`);
  await page.evaluate(([decision, consent]) => {
    globalThis.begin(null, {});
    globalThis.np.person.say(consent);
    globalThis.np.show(decision);
    globalThis.np.report.end();
  }, [DECISION, ALLOWED]);
  await eventually(() => assert.deepEqual(ofType(sent, "exposure").map(({ path }) => path).sort(), ["/next", "/pricing"]));
  await page.close();
});

test("a page that has broken what we use loses events and nothing else", async () => {
  const breaks = ["navigator.sendBeacon = () => { throw new Error('broken') }; window.fetch = undefined", "window.CustomEvent = undefined", "window.localStorage.setItem = undefined; Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })"];
  for (const script of breaks) {
    const { page, problems, leave } = await open({ script });
    await page.evaluate(() => globalThis.np.report.track("signup"));
    await leave().catch((error) => assert.fail(`${script}: ${error}`));
    assert.deepEqual(problems, []);
    await page.close();
  }
});

test("a silent platform is waited for, half a second at most; one that answers is not", async () => {
  const answer = "{ eventStatus: 'tcloaded', gdprApplies: true, purpose: { consents: { 1: true, 3: true, 4: true, 7: true, 8: true } } }";
  const refused = { storage: false, ads: false, measurement: false };
  const cases = [
    ["", 0, refused],
    ["window.__tcfapi = () => undefined", 500, refused],
    ["window.__tcfapi = () => { throw new Error('broken') }", 500, refused],
    [`window.__tcfapi = (command, version, callback) => callback(${answer}, true)`, 0, ALLOWED],
    [`window.__tcfapi = (command, version, callback) => setTimeout(() => callback(${answer}, true), 100)`, 100, ALLOWED],
    ["dataLayer = []; function gtag() { dataLayer.push(arguments) }; gtag('consent', 'default', { analytics_storage: 'denied', wait_for_update: 500 }); setTimeout(() => gtag('consent', 'update', { analytics_storage: 'granted' }), 400)", 400, { storage: true, ads: false, measurement: true }],
  ];
  for (const [script, expect, consent] of cases) {
    const { page } = await open({ decision: null, script, consent: null, prepare: stopClock });
    await page.evaluate(() => {
      globalThis.begin(null, {});
      const { person } = globalThis.np;
      person.known(performance.now()).then(() => (globalThis.known = person.consent));
    });
    const known = () => page.evaluate(() => globalThis.known);
    if (expect > 0) {
      await page.clock.runFor(expect - 1);
      assert.equal(await known(), undefined, script);
      await page.clock.runFor(1);
    }
    assert.deepEqual(await known(), consent, script);
    await page.close();
  }
});

test("a platform that comes late is heard, and its change of mind too", async () => {
  const { page } = await open({ consent: null });
  const consent = await page.evaluate(() => {
    let tell;
    window.__tcfapi = (command, version, callback) => (tell ??= callback);
    window.dispatchEvent(new Event("load"));
    const answers = [];
    for (const isAllowed of [true, false, true]) {
      tell({ eventStatus: "useractioncomplete", purpose: { consents: { 1: isAllowed, 7: isAllowed, 8: isAllowed } } }, true);
      answers.push({ ...globalThis.np.person.consent });
    }
    return answers;
  });
  assert.deepEqual(consent.map(({ storage, ads, measurement }) => [storage, ads, measurement]), [[true, false, true], [false, false, false], [true, false, true]]);
  await page.close();
});

test("the facts of a page view, and what of them the visit holds", async () => {
  const { page } = await open({ path: "/pricing?utm_source=mail&utm_campaign=spring" });
  const [facts, visit, unasked] = await page.evaluate(() => {
    const { person } = globalThis.np;
    person.set({ role: "champion", plan: "pro" });
    return [person.facts(), person.visit({ viewport: true, timeZone: true }), person.visit({ viewport: false, timeZone: false })];
  });
  assert.deepEqual(
    { ...facts, timeZone: typeof facts.timeZone },
    {
      url: `${origin}/pricing?utm_source=mail&utm_campaign=spring`,
      path: "/pricing",
      referrer: null,
      utm: { source: "mail", campaign: "spring" },
      language: "en-US",
      device: "desktop",
      timeZone: "string",
      viewport: { width: 1440, height: 900 },
      visibility: "visible",
      visits: 1,
      daysAway: null,
      role: "champion",
      custom: { plan: "pro" },
    },
  );
  assert.deepEqual([visit.visitor.visits, visit.visitor.role, visit.visitor.language], [1, "champion", "en-US"]);
  assert.deepEqual([visit.visitor.viewportWidth, visit.visitor.timeZone], [1440, facts.timeZone]);
  assert.deepEqual([unasked.visitor.viewportWidth, unasked.visitor.timeZone], [null, null]);
  assert.match(visit.visitor.id, /^[0-9a-f]{32}$/);
  assert.ok(!("plan" in visit) && !("plan" in visit.visitor));
  await page.close();
});
