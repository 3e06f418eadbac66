// React, Vue and Svelte, each hydrating what its server sent: whichever comes first, the framework or the tag, the page shows what was
// decided, nothing throws, and the framework keeps its page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../server.mjs";
import { makeApp, NAMES } from "./frameworks.mjs";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { TAG } from "./site.mjs";

before(startBrowser);
after(stopBrowser);

for (const name of NAMES) {
  for (const first of ["the framework", "the tag"]) {
    test(`${name}, ${first} first`, async () => {
      const { html, script } = await makeApp(name);
      // The framework's script comes with the page, or when the test asks for it.
      const hydrate = first === "the tag" ? "" : `<script src="/app.js"></script>`;
      const answers = { "/app.js": { type: "text/javascript", body: script }, "/np/slice": { delay: first === "the tag" ? 0 : 150 } };
      await visit({ answers, page: () => ({ head: TAG, body: `<div id="root">${html}</div>${hydrate}` }) }, async ({ page, problems }) => {
        const shows = (expected) =>
          eventually(async () => assert.equal(await page.evaluate(() => document.querySelector("main").textContent.replace(/\s+/g, " ")), expected));
        const home = "Hello, Alder BankAll plants of Alder Bank on one screenSee the plan";
        await shows(`${home}Nice`);
        if (first === "the tag") await page.addScriptTag({ url: "/app.js" });
        await page.waitForFunction(() => globalThis.app !== undefined);
        await shows(`${home}Nice`);
        await page.evaluate(() => globalThis.app.count(1));
        await shows(`${home}Nice`);
        await page.evaluate(() => globalThis.app.more(false));
        await shows(home);
        await page.evaluate(() => globalThis.app.go("/pricing"));
        await shows("Prices for banksBook 1");
        await page.evaluate(() => globalThis.app.go("/"));
        await shows(home);
        await page.evaluate(() => globalThis.nameplate.stop());
        await page.evaluate(() => (globalThis.app.count(2), globalThis.app.more(true)));
        await shows("WelcomeOne screen for all plants 2.Book 2Nice");
        // What is not as it was sent is a mismatch to a framework, which then makes it anew and says so.
        assert.deepEqual(problems.filter((text) => first !== "the tag" || !/hydrat/i.test(text)), []);
      });
    });
  }
}
