// Classes, what is shown and hidden, and HTML beside an element: what a visitor sees, what the page may do meanwhile, and the way back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../server.mjs";
import { makeApp, NAMES } from "./frameworks.mjs";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const BODY = `<style>.row { display: flex !important }</style>
<div id="flag" class="  plan   old ">Plan</div>
<p id="gone" class="row">Gone <a href="/x">link</a></p>
<p id="promo" hidden="">Promo</p>
<ul><li class="item">One</li><li class="item">Two</li></ul>
<a id="cta" href="/demo">Book</a>`;
const options = { path: "/changes", page: () => ({ body: BODY }) };
const open = (look) => visit(options, look);
const frame = (page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 20)));
const classes = (page) => page.evaluate(() => [...document.querySelector("#flag").classList]);
const problem = async (diagnose, slot) => (await diagnose()).applied.find(({ about }) => about === slot);

test("classes come and go, and the page's own stay", async () => {
  await open(async ({ page, problems }) => {
    assert.deepEqual(await classes(page), ["plan", "new"]);
    assert.deepEqual(problems, []);
  });
});

test("what is hidden is seen and read by nobody, whatever the page's styles say, and what is shown by all", async () => {
  await open(async ({ page }) => {
    const display = await page.evaluate(() => ["#gone", "#promo"].map((selector) => getComputedStyle(document.querySelector(selector)).display));
    assert.deepEqual(display, ["none", "block"]);
    const read = await page.locator("body").ariaSnapshot();
    assert.match(read, /Promo/);
    assert.doesNotMatch(read, /Gone/);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "cta");
  });
});

test("html stands before and behind each element, and is no element of the slot itself", async () => {
  await open(async ({ page, diagnose }) => {
    const list = `For <li class="item">One</li><li class="item">Alder Bank</li>For <li class="item">Two</li><li class="item">Alder Bank</li>`;
    assert.equal(await page.locator("ul").innerHTML(), list);
    await page.evaluate(() => document.body.append(document.createElement("i")));
    await frame(page);
    assert.equal(await page.locator("ul").innerHTML(), list);
    assert.deepEqual(await problem(diagnose, "items"), { about: "items", elements: 2, problem: null });
  });
});

test("stop gives it all back, byte for byte", async () => {
  const before = await authored(options);
  await open(async ({ page, dom }) => {
    assert.notEqual(await dom(), before);
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await dom(), before);
  });
});

test("a new address gives it back too, and applying twice is applying once", async () => {
  const before = await authored(options);
  await open(async ({ page, dom }) => {
    const once = await dom();
    await page.evaluate(() => globalThis.nameplate.set({}));
    await frame(page);
    assert.equal(await dom(), once);
    await page.evaluate(() => history.pushState(null, "", "/pricing"));
    await frame(page);
    assert.equal(await dom(), before);
    await page.evaluate(() => history.back());
    await eventually(async () => assert.equal(await dom(), once));
  });
});

test("classes that the page adds and removes meanwhile are its own", async () => {
  await open(async ({ page }) => {
    await page.evaluate(() => document.querySelector("#flag").classList.add("open"));
    await page.evaluate(() => document.querySelector("#flag").classList.remove("plan"));
    await frame(page);
    // What the slot wants comes again.
    assert.deepEqual((await classes(page)).sort(), ["new", "open", "plan"]);
    await page.evaluate(() => (document.querySelector("#flag").className = "mine"));
    await frame(page);
    assert.deepEqual(await classes(page), ["mine", "plan", "new"]);
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.deepEqual(await classes(page), ["mine"]);
  });
});

test("what the page takes away comes again before it is painted", async () => {
  await open(async ({ page }) => {
    const seen = await page.evaluate(async () => {
      document.querySelector("#gone").removeAttribute("hidden");
      document.querySelector("ul").children[1].remove();
      document.querySelector(".note").remove();
      return new Promise((resolve) => requestAnimationFrame(() => resolve([document.querySelector("#gone").hidden, document.querySelector("ul").textContent, document.querySelectorAll(".note").length])));
    });
    assert.deepEqual(seen, [true, "For OneAlder BankFor TwoAlder Bank", 1]);
    await page.evaluate(() => (document.querySelector("ul").innerHTML = '<li class="item">Three</li>'));
    await frame(page);
    assert.equal(await page.locator("ul").textContent(), "For ThreeAlder Bank");
  });
});

for (const [slot, fight] of [
  ["gone", () => document.querySelector("#gone").removeAttribute("hidden")],
  ["flag", () => document.querySelector("#flag").className === "  plan   old " || (document.querySelector("#flag").className = "  plan   old ")],
  ["cta", () => document.querySelector(".note")?.remove()],
]) {
  test(`a page that will not have it wins: ${slot}`, async () => {
    const before = await authored(options);
    await open(async ({ page, dom, diagnose }) => {
      const times = await page.evaluate(async (fight) => {
        let times = 0;
        const undo = new Function(`return (${fight})()`);
        new MutationObserver((_, observer) => ((times += 1) < 100 ? undo() : observer.disconnect())).observe(document.body, { subtree: true, childList: true, attributes: true });
        undo();
        await new Promise((resolve) => setTimeout(resolve, 200));
        return times;
      }, String(fight));
      assert.ok(times < 40, `${times} rounds`);
      assert.equal((await problem(diagnose, slot)).problem, "the page keeps changing it");
      await page.evaluate(() => globalThis.nameplate.stop());
      assert.equal(await dom(), before);
    });
  });
}

test("an html creative shows what is the account's, and a click on it is one", async () => {
  await visit({ path: "/changes", page: () => ({ body: '<aside id="ad"><p>House notice</p></aside>' }) }, async ({ page, problems, diagnose }) => {
    await eventually(async () => assert.equal(await page.frames()[1].evaluate(() => document.body.textContent), "A plan for Alder Bank"));
    assert.deepEqual(await problem(diagnose, "box"), { about: "box", elements: 1, problem: null });
    await page.evaluate(() => {
      document.addEventListener("click", (event) => event.preventDefault());
      document.addEventListener("nameplate:click", ({ detail }) => (globalThis.told = detail));
    });
    await page.locator("#ad .np-ad").click();
    assert.deepEqual(await page.evaluate(() => globalThis.told), { placement: "box", lineItem: "frame", creative: "moving" });
    assert.deepEqual(problems, []);
  });
});

for (const name of NAMES) {
  for (const first of ["the framework", "the tag"]) {
    test(`beside ${name}, ${first} first`, async () => {
      const { html, script } = await makeApp(name);
      const hydrate = first === "the tag" ? "" : `<script src="/app.js"></script>`;
      const answers = { "/app.js": { type: "text/javascript", body: script }, "/np/slice": { delay: first === "the tag" ? 0 : 150 } };
      await visit({ answers, path: "/changes", page: () => ({ head: TAG, body: `<div id="root">${html}</div>${hydrate}` }) }, async ({ page }) => {
        const shows = (expected) =>
          eventually(async () => assert.deepEqual(await page.evaluate(() => [document.querySelector("main").innerText.replace(/\s+/g, " ").trim(), document.querySelector("#cta").className]), expected));
        await shows(["Welcome One screen for all plants 0. Book 0 For Alder Bank", "big"]);
        if (first === "the tag") await page.addScriptTag({ url: "/app.js" });
        await page.waitForFunction(() => globalThis.app !== undefined);
        await page.evaluate(() => globalThis.app.count(1));
        await page.evaluate(() => globalThis.app.more(false));
        await page.evaluate(() => globalThis.app.more(true));
        await shows(["Welcome One screen for all plants 1. Book 1 For Alder Bank", "big"]);
        await page.evaluate(() => globalThis.nameplate.stop());
        await page.evaluate(() => globalThis.app.count(2));
        await shows(["Welcome One screen for all plants 2. Book 2 Nice", ""]);
      });
    });
  }
}
