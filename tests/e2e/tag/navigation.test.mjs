// Single-page apps: the address changes and the document stays; frameworks make nodes late, make them anew, or set them again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../server.mjs";
import { authored, startBrowser, stopBrowser, visit } from "./page.mjs";
import { BODY, TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

const text = (page, selector) => page.locator(selector).first().textContent();
const frame = (page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 20)));

for (const [name, prepare] of [
  ["the Navigation API", () => {}],
  ["the History API alone", (page) => page.addInitScript(() => Object.defineProperty(globalThis, "navigation", { value: undefined }))],
]) {
  test(`a new address is decided anew, without a request, through ${name}`, async () => {
    await visit({ prepare }, async ({ page, diagnose, asked, problems }) => {
      const requests = asked.length;
      const go = async (step) => {
        await page.evaluate(step);
        await frame(page);
        return [await text(page, "h1"), await page.locator("#ad .np-ad").count(), await text(page, "#cta")];
      };
      assert.deepEqual(await go(() => history.pushState(null, "", "/pricing")), ["Prices for banks", 0, "Book a tour"]);
      assert.equal(await page.locator("#cta").getAttribute("class"), "button");
      assert.deepEqual(await go(() => history.replaceState(null, "", "/plants")), ["Hello, Alder Bank", 0, "See the plan"]);
      assert.deepEqual(await go(() => history.back()), ["Hello, Alder Bank", 1, "See the plan"]);
      assert.deepEqual(await go(() => history.forward()), ["Hello, Alder Bank", 0, "See the plan"]);
      assert.deepEqual(await go(() => (location.hash = "#pricing")), ["Hello, Alder Bank", 0, "See the plan"]);
      assert.equal((await diagnose()).decisions, 6);
      assert.deepEqual(asked.slice(requests).filter((path) => !path.endsWith(".gif")), []);
      assert.deepEqual(problems, []);
    });
  });
}

test("what no longer applies is undone, byte for byte", async () => {
  const before = await authored({ path: "/pricing", page: () => ({ body: BODY }) });
  await visit({}, async ({ page, dom }) => {
    await page.evaluate(() => history.pushState(null, "", "/pricing"));
    await frame(page);
    assert.equal((await dom()).replace("Prices for banks", "Welcome"), before);
  });
});

test("the history functions of the page are its own again after stop", async () => {
  const prepare = (page) => page.addInitScript(() => Object.defineProperty(globalThis, "navigation", { value: undefined }));
  await visit({ prepare }, async ({ page }) => {
    assert.match(await page.evaluate(() => (globalThis.nameplate.stop(), history.pushState.toString())), /native code/);
  });
});

test("an element that comes late is changed before it is painted", async () => {
  await visit({ page: () => ({ body: "<main></main>" }) }, async ({ page }) => {
    const seen = await page.evaluate(async () => {
      document.querySelector("main").innerHTML = "<div><h1>Welcome</h1><p id=late>Later</p></div>";
      return new Promise((resolve) => requestAnimationFrame(() => resolve(document.querySelector("main").textContent)));
    });
    assert.equal(seen, "Hello, Alder BankIn time");
  });
});

test("an element that comes after its time stays as it is, until the next address", async () => {
  const head = TAG.replace("><", ' data-np-wait="50"><');
  await visit({ page: () => ({ head }) }, async ({ page }) => {
    await page.waitForTimeout(120);
    await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<p id=late>Later</p>"));
    await frame(page);
    assert.equal(await text(page, "#late"), "Later");
    await page.evaluate(() => history.pushState(null, "", "/plants"));
    await frame(page);
    assert.equal(await text(page, "#late"), "In time");
  });
});

test("an element made anew is changed again, one that is removed is forgotten", async () => {
  await visit({}, async ({ page, diagnose, problems }) => {
    const shown = await page.evaluate(async () => {
      const texts = [];
      for (let round = 0; round < 30; round += 1) {
        const fresh = document.createElement("h1");
        fresh.textContent = `Welcome ${round}`;
        document.querySelector("h1").replaceWith(fresh);
        await Promise.resolve();
        texts.push(fresh.textContent);
      }
      return new Set(texts).size + texts[0];
    });
    assert.equal(shown, "1Hello, Alder Bank");
    const [old, fresh] = await page.evaluate(async () => {
      const old = document.querySelector("h1");
      old.remove();
      await Promise.resolve();
      return [old.textContent, globalThis.nameplate.diagnose().applied.find(({ about }) => about === "title").elements];
    });
    assert.deepEqual([old, fresh], ["Welcome 29", 0]);
    assert.equal((await diagnose()).applied.find(({ about }) => about === "title").problem, null);
    assert.deepEqual(problems, []);
  });
});

test("a framework that sets its text again wins in the end, and what it says last stays", async () => {
  await visit({}, async ({ page, diagnose }) => {
    const rounds = await page.evaluate(async () => {
      const node = document.querySelector("h1").firstChild;
      let rounds = 0;
      const observer = new MutationObserver(() => {
        if (node.data === "Mine") return;
        if (rounds > 1000) observer.disconnect();
        rounds += 1;
        node.data = "Mine";
      });
      observer.observe(node, { characterData: true });
      node.data = "Mine";
      await new Promise((resolve) => setTimeout(resolve, 100));
      return rounds;
    });
    assert.ok(rounds > 0 && rounds <= 10, `${rounds} rounds`);
    assert.equal(await text(page, "h1"), "Mine");
    assert.match((await diagnose()).applied.find(({ about }) => about === "title").problem, /keeps changing/);
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await text(page, "h1"), "Mine");
  });
});

test("a framework that makes its node anew whenever it is touched wins in the end", async () => {
  await visit({}, async ({ page }) => {
    const rounds = await page.evaluate(async () => {
      let rounds = 0;
      const observer = new MutationObserver(() => {
        const title = document.querySelector("h1");
        if (title.textContent === "Mine" || rounds > 5000) return;
        rounds += 1;
        const fresh = document.createElement("h1");
        fresh.textContent = "Mine";
        title.replaceWith(fresh);
      });
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      document.querySelector("h1").firstChild.data = "?";
      await new Promise((resolve) => setTimeout(resolve, 300));
      return rounds;
    });
    assert.ok(rounds > 0 && rounds < 1000, `${rounds} rounds`);
    assert.equal(await text(page, "h1"), "Mine");
  });
});

test("an element that the page keeps for itself is its own until the next address, the slot's others are the slot's", async () => {
  const body = "<ul><li class=plan>One</li><li class=plan>Two</li><li class=plan>Three</li></ul>";
  await visit({ page: () => ({ body }) }, async ({ page, diagnose }) => {
    const texts = () => page.locator(".plan").allTextContents();
    const plans = async () => (await diagnose()).applied.find(({ about }) => about === "plans");
    await page.evaluate(() => {
      const { firstChild: counter } = document.querySelectorAll(".plan")[1];
      globalThis.observer = new MutationObserver(() => counter.data === "Mine" || (counter.data = "Mine"));
      globalThis.observer.observe(counter, { characterData: true });
      counter.data = "Mine";
    });
    await eventually(async () => assert.match((await plans()).problem ?? "", /keeps changing/));
    assert.deepEqual([await texts(), (await plans()).elements], [["For banks", "Mine", "For banks"], 2]);
    await page.evaluate(() => {
      document.querySelectorAll(".plan")[2].textContent = "Three again";
      document.querySelector("ul").insertAdjacentHTML("beforeend", "<li class=plan>Four</li>");
    });
    assert.deepEqual(await texts(), ["For banks", "Mine", "For banks", "For banks"]);
    // The same address once more is no new one.
    await page.evaluate(() => (history.replaceState(null, "", location.href), globalThis.nameplate.set({})));
    assert.equal((await texts())[1], "Mine");
    await page.evaluate(() => (globalThis.observer.disconnect(), history.pushState(null, "", "/plants")));
    await eventually(async () => assert.deepEqual(await texts(), ["For banks", "For banks", "For banks", "For banks"]));
    assert.deepEqual(await plans(), { about: "plans", elements: 4, problem: null });
  });
});

test("what was wrong with a slot at one address says nothing of the next", async () => {
  const answers = { "/picture.gif": { status: 404, body: "" } };
  const body = `<img id="picture" src="/authored.gif" alt="">${"<p class=plan>One</p>".repeat(65)}`;
  await visit({ answers, page: () => ({ body }) }, async ({ page, diagnose }) => {
    const problems = async () => (await diagnose()).applied.filter(({ about }) => about === "plans" || about === "picture").map(({ problem }) => problem);
    await eventually(async () => assert.deepEqual((await problems()).sort(), ["65 elements match; expected at most 64", "its picture cannot be loaded"]));
    delete answers["/picture.gif"];
    await page.evaluate(() => {
      for (const one of [...document.querySelectorAll(".plan")].slice(1)) one.remove();
      history.pushState(null, "", "/plants");
    });
    await eventually(async () => assert.deepEqual([await text(page, ".plan"), await page.locator("#picture").getAttribute("src")], ["For banks", "/picture.gif"]));
    assert.deepEqual(await problems(), [null, null]);
  });
});

test("a framework keeps its text node: it can set it, and remove it, as it is used to", async () => {
  await visit({ page: () => ({ body: "<h1></h1><p class=lead>a<b>b</b></p>", head: `<script>
addEventListener("DOMContentLoaded", () => {
  window.node = document.createTextNode("Welcome");
  document.querySelector("h1").append(node);
});</script>${TAG}` }) }, async ({ page, problems }) => {
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    assert.ok(await page.evaluate(() => document.querySelector("h1").firstChild === globalThis.node));
    await page.evaluate(async () => {
      globalThis.node.nodeValue = "Welcome back";
      await Promise.resolve();
    });
    assert.equal(await text(page, "h1"), "Hello, Alder Bank");
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await text(page, "h1"), "Welcome back");
    await page.evaluate(() => document.querySelector("h1").removeChild(globalThis.node));
    assert.deepEqual(problems, []);
  });
});

test("classes that the page adds and removes stay its own", async () => {
  await visit({}, async ({ page }) => {
    const link = page.locator("#cta");
    assert.equal(await link.getAttribute("class"), "button big");
    await link.evaluate((element) => element.classList.add("active"));
    await page.evaluate(() => globalThis.nameplate.set({}));
    assert.equal(await link.getAttribute("class"), "button big active");
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await link.getAttribute("class"), "button active");
  });
});

test("what the page puts beside the changed content stays when it is undone", async () => {
  await visit({}, async ({ page }) => {
    await page.evaluate(() => document.querySelector(".lead").insertAdjacentHTML("beforeend", "<i>badge</i>"));
    await page.evaluate(() => globalThis.nameplate.stop());
    assert.equal(await page.locator(".lead").innerHTML(), "One screen for <em>all</em> plants.<i>badge</i>");
  });
});

test("an element whose shadow root comes late is looked into", async () => {
  await visit({ page: () => ({ body: "<late-box></late-box>" }) }, async ({ page }) => {
    await page.evaluate(() => {
      customElements.define("late-box", class extends HTMLElement {
        connectedCallback() {
          this.attachShadow({ mode: "open" }).innerHTML = "<h1>Welcome</h1>";
        }
      });
    });
    await frame(page);
    assert.equal(await page.evaluate(() => document.querySelector("late-box").shadowRoot.textContent), "Hello, Alder Bank");
    await page.evaluate(() => (document.querySelector("late-box").shadowRoot.innerHTML = "<b><h1>Again</h1></b>"));
    await frame(page);
    assert.equal(await page.evaluate(() => document.querySelector("late-box").shadowRoot.textContent), "Hello, Alder Bank");
  });
});

test("a busy page costs little: a thousand foreign changes are not looked at one by one", async () => {
  await visit({}, async ({ page, diagnose }) => {
    const elements = await page.evaluate(async () => {
      let looks = 0;
      const own = Document.prototype.querySelectorAll;
      Document.prototype.querySelectorAll = function (...given) {
        looks += 1;
        return own.apply(this, given);
      };
      for (let round = 0; round < 1000; round += 1) {
        document.body.append(document.createElement("i"));
        await Promise.resolve();
      }
      return looks;
    });
    assert.equal(elements, 0);
    assert.equal((await diagnose()).decisions, 1);
  });
});
