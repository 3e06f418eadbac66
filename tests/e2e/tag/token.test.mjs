// A signed account token in a page's address: the slice is asked for with it, and nothing keeps it or tells of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, stopBrowser, visit } from "./page.mjs";
import { sliceBytes, TAG } from "./site.mjs";

const MAC = "0123456789abcdef".repeat(4);
const TOKEN = `alder.1900000000.${MAC}`;

before(startBrowser);
after(stopBrowser);

/** Opens a page at a path; `look` sees it, and the tokens that slices were asked for with. */
async function open(path, look) {
  const shown = [];
  const prepare = (page) => page.on("request", (request) => request.url().includes("/np/") && shown.push(request.headers()["np-token"]));
  await visit({ path, prepare }, (seen) => look({ ...seen, shown: shown.filter((token) => token !== undefined) }));
}

test("the token goes to whoever gives the slice, and out of the address", async () => {
  await open(`/?utm_source=x&np=${TOKEN}&y=%20#plans`, async ({ page, shown, url, told, dom, diagnose, problems }) => {
    assert.deepEqual(shown, [TOKEN]);
    assert.equal((await diagnose()).state, "decided");
    assert.equal(page.url(), `${url}/?utm_source=x&y=+#plans`);
    assert.equal(await page.locator("h1").textContent(), "Hello, Alder Bank");
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, globalThis.nameplate.diagnose()]));
    assert.ok(![kept, told.join(), await dom()].some((text) => text.includes(MAC)));
    assert.deepEqual(problems, []);
  });
});

test("what the token has told of the visitor comes with the slice, and what the page says counts first", async () => {
  const asked = { answers: { "/np/slice": { headers: { "np-told": "approver.spring" } } } };
  const inline = { page: () => ({ head: `<script id="np-slice" type="application/octet-stream">${sliceBytes().toString("base64")} approver.spring</script>${TAG}` }) };
  const check = (options, expect, say = () => {}) =>
    visit(options, async ({ page, diagnose, problems }) => {
      await page.evaluate(say);
      assert.equal(await page.locator("#role").textContent(), expect);
      assert.equal((await diagnose()).state, "decided");
      assert.deepEqual(problems, []);
    });
  for (const options of [asked, inline]) {
    await check({ ...options, path: `/?np=${TOKEN.replace(`.${MAC}`, `.approver.spring.${MAC}`)}` }, "Ready to sign");
    await check({ ...options, path: "/?utm_campaign=autumn" }, "Nice to meet you");
    await check(options, "Nice to meet you", () => globalThis.nameplate.set({ role: "user" }));
    await check(options, "Ready to sign", () => globalThis.nameplate.set({ role: null }));
  }
});

test("what is no token is the page's own", async () => {
  for (const query of ["?np=5", `?np=${TOKEN}0`, `?NP=${TOKEN}`, `?np=alder.1.${MAC.toUpperCase().replace(/\d/g, "A")}`]) {
    await open(`/${query}`, async ({ page, shown, url }) => {
      assert.deepEqual(shown, []);
      assert.equal(page.url(), `${url}/${query}`);
    });
  }
});
