// The React helpers in a real page, with React itself and the tag itself: the tag fills a slot, React draws around and inside it, and
// neither misses what the other has changed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bundle } from "./browser.mjs";
import { eventually } from "./server.mjs";
import { startBrowser, stopBrowser, visit } from "./tag/page.mjs";
import { TAG } from "./tag/site.mjs";

const APP = `
  import { createElement as h, useState } from "react";
  import { createRoot, hydrateRoot } from "react-dom/client";
  import { renderToString } from "react-dom/server";
  import { Slot, useSlot } from "nameplate/react";

  function Own() {
    const slot = useSlot("title");
    return h("output", null, slot === null ? "Default" : slot.experience);
  }

  function App() {
    const [items, setItems] = useState(["a"]);
    const [isOn, setOn] = useState(true);
    globalThis.controls = { setItems, setOn };
    return h("main", null, h(Own), isOn && h(Slot, { name: "title" }, h("ul", null, items.map((item) => h("li", { key: item }, item)))));
  }

  const root = document.querySelector("#root");
  const isServed = location.hash === "#served";
  if (isServed) root.innerHTML = renderToString(h(App));
  globalThis.begin = () => (isServed ? hydrateRoot(root, h(App)) : createRoot(root).render(h(App)));
`;
/** Where the slot has something, and where it has nothing. */
const [SOMETHING, NOTHING] = ["/", "/changes"];
const SHOWN = ["hello", "Hello, Alder Bank"];

let app;

before(async () => {
  app = await bundle(APP, { define: { "process.env.NODE_ENV": '"development"' } });
  await startBrowser();
});

after(stopBrowser);

/** The app, drawn when the tag has decided; or before the slice is there, `isFirst`. `shows` waits for what a visitor reads. */
function open({ path = NOTHING, isFirst = false }, look) {
  const body = `<div id="root"></div><script src="/app.js"></script>${isFirst ? "<script>begin()</script>" : ""}`;
  const answers = { "/app.js": { type: "text/javascript", body: app }, ...(isFirst && { "/np/slice": { delay: 300 } }) };
  return visit({ path, answers, page: () => ({ head: TAG, body }) }, async ({ page, problems }) => {
    if (!isFirst) await page.evaluate(() => void globalThis.begin());
    const seen = () => page.evaluate(() => [document.querySelector("output")?.textContent, document.querySelector("np-slot")?.textContent ?? null]);
    const shows = (expected) => eventually(async () => assert.deepEqual(await seen(), expected));
    const go = (path) => page.evaluate((path) => history.pushState(null, "", path), path);
    await look({ page, shows, go });
    assert.deepEqual(problems, []);
  });
}

test("a slot shows its children until there is something for it, and again when there is nothing", async () => {
  await open({}, async ({ page, shows, go }) => {
    await shows(["Default", "a"]);
    await go(SOMETHING);
    await shows(SHOWN);
    await go(NOTHING);
    await shows(["Default", "a"]);
    await go(SOMETHING);
    await shows(SHOWN);
    await page.evaluate(() => globalThis.nameplate.stop());
    await shows(["Default", "a"]);
  });
});

test("React changes and removes children that the tag has taken out", async () => {
  await open({ path: SOMETHING }, async ({ page, shows, go }) => {
    await shows(SHOWN);
    await page.evaluate(() => globalThis.controls.setItems(["b", "c"]));
    await shows(SHOWN);
    await page.evaluate(() => globalThis.controls.setItems([]));
    await page.evaluate(() => globalThis.controls.setItems(["d"]));
    await go(NOTHING);
    await shows(["Default", "d"]);
    await go(SOMETHING);
    await page.evaluate(() => globalThis.controls.setOn(false));
    await shows(["hello", null]);
    // What React draws anew the tag fills anew.
    await page.evaluate(() => globalThis.controls.setOn(true));
    await shows(SHOWN);
  });
});

test("a component that is drawn before the slice has come hears of the decision", async () => {
  await open({ path: SOMETHING, isFirst: true }, ({ shows }) => shows(SHOWN));
});

test("a page that was drawn on the server is taken over as it is, whoever comes first", async () => {
  for (const isFirst of [true, false]) {
    await open({ path: `${NOTHING}#served`, isFirst }, async ({ shows, go }) => {
      await shows(["Default", "a"]);
      await go(SOMETHING);
      await shows(SHOWN);
    });
  }
});
