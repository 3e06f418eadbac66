// The script tag of a page whose web server hands `/np/` to `nameplate serve`: what an account's visitor sees is what the program decides.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, openPage } from "./browser.mjs";
import { startServe } from "./server.mjs";
import { startWeb } from "./web.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = process.env.NAMEPLATE_PROGRAM ?? join(root, "target/release/nameplate");
const bundle = join(root, "target/site.npb");
const DEUTSCHE_BANK = "129.35.230.1";
const NOBODY = "8.8.8.8";

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([launch(), startServe(bundle)]);
});
after(() => Promise.all([browser.close(), server.stop()]));

/** A web server of one page, for a client at `ip`. */
function site(ip, slots) {
  const elements = slots.map(({ selector }) => `<p id="${selector.slice(1)}">authored</p>`).join("\n");
  const body = `<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,"><script async src="/np/tag.js"></script><body>${elements}`;
  return startWeb(server.url, { page: () => ({ body }), address: () => ip });
}

/** The texts that the program decides for an address, by slots whose element an id names. */
function decided(ip, url) {
  const said = execFileSync(program, ["decide", bundle, "--ip", ip, "--url", url, "--language", "en-US", "--json"], { encoding: "utf8" });
  return JSON.parse(said).slots.flatMap((slot) => {
    const text = slot.changes.find(({ kind }) => kind === "text");
    return text && /^#[\w-]+$/.test(slot.selector) ? [{ ...slot, text: text.value }] : [];
  });
}

test("a visitor of an account sees what the program decides for his address", async () => {
  const expected = decided(DEUTSCHE_BANK, "http://127.0.0.1/");
  assert.ok(expected.length > 0, "the sample site has texts for this account");
  const { url, stop } = await site(DEUTSCHE_BANK, expected);
  const { page, problems } = await openPage(browser);
  try {
    await page.goto(url);
    for (const { selector, text } of expected) {
      await page.waitForFunction(([at, wanted]) => document.querySelector(at).textContent === wanted, [selector, text]);
    }
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    await stop();
  }
});

test("a stranger's browser gets nothing of an account", async () => {
  const { url, stop } = await site(NOBODY, decided(DEUTSCHE_BANK, "http://127.0.0.1/"));
  const { page, problems } = await openPage(browser);
  try {
    const slice = page.waitForResponse((response) => response.url().endsWith("/np/slice"));
    await page.goto(url);
    const bytes = await (await slice).body();
    assert.equal(bytes.includes("eutsche"), false);
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
    await stop();
  }
});

test("the server takes the events of docs/events.md", async () => {
  const [, example] = /```json\n([^]*?)```/.exec(readFileSync(new URL("../../docs/events.md", import.meta.url), "utf8"));
  const send = async (body) => (await fetch(`${server.url}/np/events`, { method: "POST", headers: { "x-forwarded-for": NOBODY }, body })).status;
  assert.equal(await send(example), 204);
  assert.equal(await send(example.replace('"id"', '"number"')), 400);
});
