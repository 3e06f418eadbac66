// The script tag in a page: what a visitor of the account sees, and the way back.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { BODY, dist, sliceBytes, TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const text = (page, selector) => page.locator(selector).first().textContent();

test("a page with the tag shows the account's content, and says so", async () => {
  await visit({}, async ({ page, problems, diagnose, asked }) => {
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    assert.equal(await page.locator(".lead").innerHTML(), 'All plants of <strong>Alder Bank</strong> on <a href="/plants" rel="noopener noreferrer">one screen</a>');
    assert.deepEqual(
      await page.locator("#cta").evaluate((link) => [link.textContent, link.getAttribute("href"), link.title, link.className]),
      ["See the plan", "/plan", "A plan", "button big"],
    );
    assert.deepEqual(await page.locator("#picture").evaluate(({ src, alt }) => [new URL(src).pathname, alt]), ["/picture.gif", "A plant"]);
    assert.deepEqual(await page.locator(".plan").allTextContents(), ["For banks", "For banks"]);
    assert.equal(await page.locator("#ad .np-ad").count(), 1);
    assert.equal(await text(page, "#role"), "Nice to meet you");
    const { state, failure, core, slice, decisions, applied, times } = await diagnose();
    assert.deepEqual({ state, failure, core, slice, decisions }, { state: "decided", failure: null, core: "wasm", slice: "request", decisions: 1 });
    assert.deepEqual(Object.keys(times), ["start", "config", "runtime", "slice", "core", "open", "consent", "apply", "decide"].sort((a, b) => times[a] - times[b]));
    assert.deepEqual(applied.find(({ about }) => about === "plans"), { about: "plans", elements: 2, problem: null });
    assert.ok(!asked.includes("/np/core.js"));
    assert.deepEqual(problems, []);
  });
});

test("stop gives the author's page back, byte for byte, and the page stays so", async () => {
  const before = await authored();
  await visit({}, async ({ page, dom, diagnose }) => {
    assert.notEqual(await dom(), before);
    await page.evaluate(() => {
      globalThis.nameplate.stop();
      history.pushState(null, "", "/pricing");
      document.body.append("x");
      document.body.lastChild.remove();
    });
    await page.waitForTimeout(50);
    assert.equal(await dom(), before);
    assert.equal((await diagnose()).state, "stopped");
    assert.equal(await page.evaluate(() => globalThis.nameplate.decision()), null);
  });
});

test("applying twice is applying once", async () => {
  await visit({}, async ({ page, dom }) => {
    const once = await dom();
    const same = await page.evaluate(() => {
      const nodes = [...document.querySelectorAll("*")];
      globalThis.nameplate.set({});
      return nodes.length === document.querySelectorAll("*").length && nodes.every((node) => node.isConnected);
    });
    assert.ok(same, "an element was made anew");
    assert.equal(await dom(), once);
  });
});

test("what the page pushed before the tag came is done, and a function that fails harms nobody", async () => {
  const head = `<script>window.nameplate = window.nameplate || [];
nameplate.push(() => { throw new Error("mine"); }, (tag) => tag.set({ role: "champion", visits: 3 }));</script>${TAG}`;
  await visit({ page: () => ({ head }) }, async ({ page, problems }) => {
    assert.equal(await text(page, "#role"), "Welcome back");
    assert.deepEqual(problems, []);
    await page.evaluate(() => globalThis.nameplate.push((tag) => tag.set({ visits: 1 })));
    assert.equal(await text(page, "#role"), "Nice to meet you");
  });
});

test("a second tag on a page does nothing", async () => {
  await visit({ page: () => ({ head: TAG + TAG.replace("tag.js", "tag.js?again") }) }, async ({ page, asked }) => {
    await page.waitForTimeout(100);
    assert.equal(asked.filter((path) => path === "/np/slice").length, 1);
  });
});

test("a name that the page has taken stays the page's", async () => {
  await visit({ settled: false, page: () => ({ head: `<script>window.nameplate = { mine: true }</script>${TAG}` }) }, async ({ page, asked }) => {
    await page.waitForTimeout(300);
    assert.deepEqual(await page.evaluate(() => globalThis.nameplate), { mine: true });
    assert.ok(!asked.includes("/np/slice"));
  });
});

test("the slice is taken from the page where an edge has put it, and no request is made", async () => {
  const head = `<script type="application/octet-stream" id="np-slice">\n${sliceBytes().toString("base64")}\n</script>${TAG}`;
  await visit({ page: () => ({ head }) }, async ({ page, diagnose, asked }) => {
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    assert.equal((await diagnose()).slice, "inline");
    assert.ok(!asked.includes("/np/slice"));
  });
});

test("attributes of the tag: another folder, another slice, less time", async () => {
  const head = `<script async src="/np/tag.js" data-np-base="/np" data-np-slice="/np/slice?x=1" data-np-wait="0" data-np-timeout="9000"></script>`;
  await visit({ page: () => ({ head }) }, async ({ page, asked }) => {
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    assert.ok(asked.includes("/np/slice"));
    await page.waitForTimeout(50);
    await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<p id="late">Late</p>'));
    await page.waitForTimeout(50);
    assert.equal(await text(page, "#late"), "Late");
  });
});

test("the tag's file as a module: its attributes count, and its own folder", async () => {
  const head = `<script type="module" src="/np/tag.js?v=1" data-np-consent="granted" data-np-slice="/np/slice?x=1"></script>`;
  await visit({ page: () => ({ head }) }, async ({ page, asked }) => {
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    assert.equal(await page.locator(".np-ad").count(), 1);
    assert.ok(asked.includes("/np/slice") && asked.includes("/np/core.wasm"));
  });
});

test("options that nobody heeds are named, and so is an ad that waits for consent", async () => {
  const head = `<script async src="/np/tag.js" data-np-consent="Granted" data-np-acount="all" data-np-timeout="fast" data-np-core="js"></script>`;
  await visit({ page: () => ({ head }) }, async ({ page, diagnose }) => {
    const { ignored, consent, applied } = await diagnose();
    assert.deepEqual(ignored, [
      "the option `consent` is granted, not `Granted`",
      "there is no option `acount`",
      "the option `timeout` is 0 to 60000, not `fast`",
    ]);
    assert.deepEqual(consent, { storage: false, ads: false, measurement: false });
    assert.deepEqual(applied.filter(({ problem }) => problem !== null), [{ about: "box", elements: 0, problem: "waits for consent to ads" }]);
    await page.evaluate(() => globalThis.nameplate.consent({ ads: true }));
    await page.locator(".np-ad").waitFor();
    const later = await diagnose();
    assert.deepEqual([later.consent.ads, later.applied.find(({ about }) => about === "box")], [true, { about: "box", elements: 1, problem: null }]);
  });
});

test("as a module, from a bundle", async () => {
  const script = readFileSync(`${dist}/lib/tag.js`);
  const head = `<script type="module">import { start } from "/start.js"; window.tag = start({ base: "/np/" });</script>`;
  const answers = { "/start.js": { type: "text/javascript", body: script } };
  await visit({ settled: false, answers, page: () => ({ head }) }, async ({ page, problems }) => {
    await page.waitForFunction(() => globalThis.tag?.diagnose().state === "decided");
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    assert.equal(await page.evaluate(() => "nameplate" in globalThis), false);
    assert.equal(await page.evaluate(() => globalThis.tag.decision().account.id), "alder");
    assert.deepEqual(problems, []);
  });
});

test("`<np-slot>` stands for a selector, in open and in closed shadow roots too", async () => {
  const script = `<script>
for (const mode of ["open", "closed"]) {
  const root = document.getElementById(mode).attachShadow({ mode });
  root.innerHTML = '<np-slot name="title">Welcome</np-slot><h2 class="plan">Three</h2>';
  window[mode + "Text"] = () => root.firstChild.textContent + "|" + root.lastChild.textContent;
}</script>`;
  const body = `<np-slot name="title">Welcome</np-slot><div id="open"></div><div id="closed"></div>${script}`;
  await visit({ page: () => ({ body }) }, async ({ page, problems }) => {
    assert.equal(await text(page, "np-slot"), "Hello, Alder Bank");
    assert.equal(await page.evaluate(() => globalThis.openText()), "Hello, Alder Bank|For banks");
    // A selector does not reach into a closed root; the element that tells of itself does.
    assert.equal(await page.evaluate(() => globalThis.closedText()), "Hello, Alder Bank|Three");
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await page.evaluate(() => globalThis.openText() + globalThis.closedText()), "Welcome|ThreeWelcome|Three");
    assert.deepEqual(problems, []);
  });
});

test("a stranger gets what is for strangers, and nobody's name", async () => {
  await visit({ answers: { "/np/slice": { body: sliceBytes("--stranger") } }, path: "/pricing" }, async ({ page, diagnose }) => {
    assert.equal(await text(page, "h1"), "Prices for banks");
    assert.equal(await page.evaluate(() => globalThis.nameplate.decision().account), null);
    assert.equal((await diagnose()).failure, null);
  });
});

test("nothing of another account reaches the browser", async () => {
  await visit({}, async ({ page, dom }) => {
    const bytes = await page.evaluate(async () => new TextDecoder("latin1").decode(await (await fetch("/np/slice")).arrayBuffer()));
    assert.match(bytes, /Alder Bank/);
    assert.doesNotMatch(bytes + (await dom()), /birch|mills/i);
  });
});

test("what somebody writes or reads in a slot is not taken from under them", async () => {
  const body = BODY.replace("<em>all</em>", '<input id="field" value="mine">');
  const prepare = (page) => page.addInitScript(() => addEventListener("DOMContentLoaded", () => document.querySelector("#field")?.focus()));
  await visit({ page: () => ({ body }), prepare }, async ({ page }) => {
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    assert.equal(await page.evaluate(() => document.activeElement.id), "field");
    await page.keyboard.type("!");
    await page.locator("#cta").focus();
    await page.waitForFunction(() => document.querySelector(".lead strong") !== null);
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.match(await page.inputValue("#field"), /!/);
  });
});

test("what somebody has selected stays selected, in a slot and beside it, and the slot waits until they have done with it", async () => {
  await visit({ path: "/pricing" }, async ({ page, problems }) => {
    // Before the first paint nobody can select anything, and nobody is asked.
    await page.waitForFunction(() => performance.getEntriesByType("paint").length > 0);
    const select = (from, to) => page.evaluate(([from, to]) => {
      const [start, end] = [from, to].map((selector) => document.querySelector(selector).firstChild);
      getSelection().setBaseAndExtent(start, 4, end, 6);
    }, [from, to]);
    const seen = () => page.evaluate(() => [`${getSelection()}`, document.querySelector("h1").textContent, document.querySelector(".lead").textContent]);
    await select(".lead", ".lead");
    await page.evaluate(() => history.pushState(null, "", "/plants"));
    await page.waitForFunction(() => document.querySelector("h1").textContent === "Hello, Alder Bank");
    assert.deepEqual(await seen(), ["sc", "Hello, Alder Bank", "One screen for all plants."]);
    await select("#role", "#role");
    await page.waitForFunction(() => document.querySelector(".lead strong") !== null);
    assert.deepEqual(await seen(), [" t", "Hello, Alder Bank", "All plants of Alder Bank on one screen"]);
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.deepEqual(await seen(), [" t", "Welcome", "One screen for all plants."]);
    assert.deepEqual(problems, []);
  });
});

test("an element keeps its language and its direction, and what a slot puts there is read in them", async () => {
  const body = BODY.replace("<h1 ", '<h1 lang="ar" dir="rtl" ').replace('class="lead"', 'class="lead" lang="he" dir="rtl"').replace('id="ad"', 'id="ad" lang="fa" dir="rtl"').replace('id="cta"', 'id="cta" lang="de" dir="auto"');
  await visit({ page: () => ({ body }) }, async ({ page, problems }) => {
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    const own = await page.evaluate(() => ["html", "h1", ".lead", "#cta", "#ad"].map((at) => document.querySelector(at)).map(({ lang, dir }) => [lang, dir].join(" ")));
    assert.deepEqual(own, ["en ", "ar rtl", "he rtl", "de auto", "fa rtl"]);
    const read = await page.evaluate(() => {
      const headline = document.querySelector("#ad .np-ad").shadowRoot.querySelector(".headline");
      return [document.querySelector("h1"), document.querySelector(".lead strong"), document.querySelector("#cta"), headline].map((element) => [getComputedStyle(element).direction, ["ar", "he", "de", "fa"].find((lang) => element.matches(`:lang(${lang})`))].join(" "));
    });
    assert.deepEqual(read, ["rtl ar", "rtl he", "ltr de", "rtl fa"]);
    assert.deepEqual(problems, []);
  });
});

test("a focused link keeps its focus, a list its scroll, the window its place", async () => {
  const body = `<div style="height:900px"></div>${BODY}<div style="height:2000px"></div>`;
  const head = `<style>.lead { height: 20px; width: 60px; overflow: auto }</style>${TAG}`;
  const prepare = (page) =>
    page.addInitScript(() =>
      addEventListener("DOMContentLoaded", () => {
        scrollTo(0, 500);
        document.querySelector("#cta").focus({ preventScroll: true });
        document.querySelector(".lead").scrollTop = 15;
      }),
    );
  await visit({ page: () => ({ head, body }), prepare }, async ({ page }) => {
    assert.equal(await text(page, "#cta"), "See the plan");
    assert.deepEqual(await page.evaluate(() => [document.activeElement.id, document.querySelector(".lead").scrollTop, scrollY]), ["cta", 15, 500]);
  });
});
