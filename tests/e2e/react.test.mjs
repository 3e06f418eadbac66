// The React helpers in a real page with React itself: the tag fills a slot, React draws around and inside it, and neither misses
// what the other has changed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bundle, launch, openPage } from "./browser.mjs";

const APP = `
  import { createElement as h, useState } from "react";
  import { createRoot, hydrateRoot } from "react-dom/client";
  import { renderToString } from "react-dom/server";
  import { Slot, useSlot } from "./react/index.ts";
  import { Page } from "./tag/apply.ts";

  function Own() {
    const slot = useSlot("title");
    return h("output", null, slot === null ? "Default" : slot.variant);
  }

  function App() {
    const [items, setItems] = useState(["a"]);
    const [isOn, setOn] = useState(true);
    globalThis.controls = { setItems, setOn };
    return h("main", null, h(Own), isOn && h(Slot, { name: "title" }, h("ul", null, items.map((item) => h("li", { key: item }, item)))));
  }

  const page = new Page(document);
  globalThis.decide = (decision) => {
    if (decision === null) page.undo();
    else page.apply(decision);
    document.dispatchEvent(new CustomEvent("nameplate:decision", { detail: decision }));
  };
  const root = document.querySelector("#root");
  const isServed = location.hash === "#served";
  if (isServed) root.innerHTML = renderToString(h(App));
  globalThis.start = () => { globalThis.app = isServed ? hydrateRoot(root, h(App)) : (createRoot(root).render(h(App))); };
`;
const DECISION = {
  slots: [{ slot: "title", selector: "#none", experience: "hello", variant: "only", changes: [{ kind: "text", value: "Hello" }] }],
  ads: [],
};

let browser;
let app;

before(async () => {
  app = await bundle(APP, { define: { "process.env.NODE_ENV": '"development"' } });
  browser = await launch();
});

after(() => browser?.close());

/** An app that has been drawn; `see` gives what a visitor reads. `early`: the decision comes before React. */
async function open({ hash = "", early = null } = {}) {
  const { page, problems } = await openPage(browser);
  await page.route("**/*", (route) => {
    if (route.request().url().endsWith("/app.js")) return route.fulfill({ contentType: "text/javascript", body: app });
    return route.fulfill({ contentType: "text/html", body: '<!doctype html><title>t</title><div id="root"></div><script src="/app.js"></script>' });
  });
  await page.goto(`https://www.tidewater.example/${hash}`);
  if (early !== null) {
    await page.evaluate((decision) => {
      globalThis.nameplate = { decision: () => decision };
      globalThis.decide(decision);
    }, early);
  }
  await page.evaluate(() => globalThis.start());
  await page.waitForSelector("output");
  const see = async () => {
    await page.waitForTimeout(60);
    return page.evaluate(() => [document.querySelector("output").textContent, document.querySelector("np-slot")?.textContent ?? null]);
  };
  const decide = (decision) => page.evaluate((decision) => globalThis.decide(decision), decision);
  return { page, problems, see, decide };
}

test("a slot shows its children until there is a decision, and again when there is none", async () => {
  const { page, problems, see, decide } = await open();
  assert.deepEqual(await see(), ["Default", "a"]);
  await decide(DECISION);
  assert.deepEqual(await see(), ["only", "Hello"]);
  await decide(null);
  assert.deepEqual(await see(), ["Default", "a"]);
  assert.deepEqual(problems, []);
  await page.close();
});

test("React changes and removes children that the tag has taken out", async () => {
  const { page, problems, see, decide } = await open();
  await decide(DECISION);
  await page.evaluate(() => globalThis.controls.setItems(["b", "c"]));
  assert.deepEqual(await see(), ["only", "Hello"]);
  await page.evaluate(() => globalThis.controls.setItems([]));
  await page.evaluate(() => globalThis.controls.setItems(["d"]));
  await decide(null);
  assert.deepEqual(await see(), ["Default", "d"]);
  await decide(DECISION);
  await page.evaluate(() => globalThis.controls.setOn(false));
  assert.deepEqual(await see(), ["only", null]);
  assert.deepEqual(problems, []);
  await page.close();
});

test("a component that is drawn after the decision knows it", async () => {
  const { page, problems, see } = await open({ early: DECISION });
  assert.deepEqual((await see())[0], "only");
  assert.deepEqual(problems, []);
  await page.close();
});

test("a page that was drawn on the server is taken over as it is", async () => {
  const { page, problems, see, decide } = await open({ hash: "#served" });
  assert.deepEqual(await see(), ["Default", "a"]);
  await decide(DECISION);
  assert.deepEqual(await see(), ["only", "Hello"]);
  assert.deepEqual(problems, []);
  await page.close();
});
